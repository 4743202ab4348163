"""Configuration files → Settings: one file and what it extends, and what they say of one report.

Imported only where there is a configuration file: a run without any must start fast.
"""

import os
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

from linter import __version__
from linter.config import AUTO, PROJECT_FILE, Config, Layer, PerFile, Settings
from linter.errors import Mistake, RuleError
from linter.requirement import meets
from linter.ruleset import Ruleset
from linter.selection import Choice, known_names
from linter.yamlfile import Invalid, Node, YamlFile

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

PACKAGE = "package:"
PACKAGE_FILE = "nianbao.yaml"
"""The configuration in an installed rule pack; its rules are in the package's folder `rules`, else in the package."""


def load_settings(path: str) -> Settings:
    """The settings in the file at `path` and the files that it extends. Raises RuleError with every mistake in them."""
    mistakes: list[Mistake] = []
    try:
        layers = tuple(_layers(os.path.abspath(path), mistakes, ()))
    except Invalid:
        layers = ()
    if mistakes:
        raise RuleError(mistakes)
    return Settings(config=_merged(layers), layers=layers)


def shown(path: str) -> str:
    """A path for people: from the working folder, where it lies in it."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive
        return path
    return path if relative.startswith(os.pardir) else relative


def _layers(path: str, mistakes: list[Mistake], below: tuple[str, ...]) -> Iterator[Layer]:
    """The layer in a file, after those that it extends; `below` has the files that extend it."""
    file = YamlFile(path=shown(path), mistakes=mistakes)
    layer = _load(path, file)
    if layer.config.extends is not None:
        node = layer.nodes["extends"]
        if layer.config.extends.startswith(PACKAGE):
            folder = _package(file, node, layer.config.extends.removeprefix(PACKAGE))
            base = os.path.join(folder, PACKAGE_FILE)
            if not os.path.isfile(base):
                yield _rule_pack(folder, file, node)
                base = ""
        else:
            base = os.path.normpath(os.path.join(layer.folder, layer.config.extends))
            if not os.path.isfile(base):
                raise file.wrong(node, f"没有文件 {base}", f"no file {base}")
        if base in (*below, path):
            raise file.wrong(node, f"{shown(base)} 绕回到了自己", f"{shown(base)} extends itself in a circle")
        if base:
            yield from _layers(base, mistakes, (*below, path))
    yield layer


def _load(path: str, file: YamlFile) -> Layer:
    try:
        with open(path, "rb") as stream:
            data = stream.read()
    except OSError as error:
        start = Node(kind="null", value="", line=1, column=1)
        raise file.wrong(start, f"无法读取：{error.strerror}", f"cannot be read: {error.strerror}") from None
    if os.path.basename(path) == PROJECT_FILE:
        from linter.tomlfile import parse_toml  # tomllib only where a project has its settings there

        root = parse_toml(data, file)
    else:
        root = file.parse(data)
    config: Config = file.build(root, Config)
    nodes = {key.replace("-", "_"): value for key, _, value in file.pairs(root)}
    layer = Layer(file=file, folder=os.path.dirname(path), config=config, nodes=nodes)
    _check(layer)
    return layer


def _check(layer: Layer) -> None:
    """Notes what fits its type and yet cannot be."""
    file, config = layer.file, layer.config
    if config.required_version is not None:
        node = layer.nodes["required_version"]
        try:
            if not meets(__version__, config.required_version):
                file.wrong(
                    node,
                    f"这里要求 nianbao-lint {config.required_version}，现在运行的是 {__version__}",
                    f"nianbao-lint {config.required_version} is required here, this is {__version__}",
                )
        except ValueError as error:
            file.wrong(node, error.args[0].zh, error.args[0].en)
    if "rules" in layer.nodes:
        for name, node in zip(config.rules, layer.nodes["rules"].value, strict=True):
            if not os.path.isdir(os.path.join(layer.folder, name)):
                file.wrong(node, f"没有规则文件夹 {name}", f"no rules folder {name}")


def _package(file: YamlFile, node: Node, name: str) -> str:
    """The folder of an installed package, which is not imported: a rule pack is data."""
    spec = find_spec(name) if name.isidentifier() else None  # of a dotted name find_spec would import the parent
    folder = next(iter(spec.submodule_search_locations or ()), None) if spec else None
    if folder is None:
        raise file.wrong(
            node,
            f"没有安装规则包“{name}”；请在运行 nianbao 的环境里安装它",
            f"no rule pack '{name}' is installed; install it where nianbao runs",
        )
    return folder


def _rule_pack(folder: str, file: YamlFile, node: Node) -> Layer:
    """A package that only brings rules, as a layer of its own."""
    rules = os.path.join(folder, "rules")
    config = Config(rules=(rules if os.path.isdir(rules) else folder,))
    return Layer(file=file, folder=folder, config=config, nodes={"rules": node})


def _merged(layers: Sequence[Layer]) -> Config:
    """What the layers come to: the nearest one's word, and all their rule folders; the paths as from here."""
    config = Config()
    rules: list[str] = []
    for layer in layers:
        config = config._replace(**{field: getattr(layer.config, field) for field in layer.nodes})
        rules += [shown(os.path.join(layer.folder, folder)) for folder in layer.config.rules]
        if "paths" in layer.nodes:
            paths = (os.path.normpath(os.path.join(layer.folder, path)) for path in layer.config.paths)
            config = config._replace(paths=tuple(map(shown, paths)))
    return config._replace(rules=tuple(dict.fromkeys(rules)))


def validate(settings: Settings, every: Ruleset) -> None:
    """Nothing: every rule, topic and edition that the settings name exists. Raises RuleError with those that do not."""
    mistakes: list[Mistake] = []
    rules = known_names(every.rules)
    editions = [AUTO, *(known.edition for known in every.templates)]
    for layer in settings.layers:
        file = YamlFile(path=layer.file.path, mistakes=mistakes)
        for node in _names(layer):
            if node.value not in rules:
                file.unknown(node, "规则", "rule", str(node.value), rules)
        template = layer.config.template
        if template not in editions:
            file.unknown(layer.nodes["template"], "格式", "template", template, editions)
    if mistakes:
        raise RuleError(sorted(mistakes, key=lambda mistake: (mistake.path, mistake.line, mistake.column)))


def _names(layer: Layer) -> Iterator[Node]:
    """The nodes that name rules."""
    nodes: list[dict[str, Node]] = [dict(layer.nodes)]
    if "per_file" in layer.nodes:
        nodes += [{key: value for key, _, value in layer.file.pairs(item)} for item in layer.nodes["per_file"].value]
    for given in nodes:
        for field in ("select", "extend_select", "ignore"):
            yield from given[field].value if field in given else ()
        yield from (key for key, _ in given["levels"].value) if "levels" in given else ()


def excludes(settings: Settings, path: str) -> bool:
    """Whether a file is left out: by any layer's `exclude`, or by the nearest `include`."""
    include = settings.config.include
    if include and not _matches(settings, include, path):
        return True
    return any(_matches(settings, layer.config.exclude, path) for layer in settings.layers if layer.config.exclude)


def applies(settings: Settings, item: PerFile, path: str) -> bool:
    """Whether an entry of `per-file` is for the file."""
    return _matches(settings, (item.files,), path)


def choices(settings: Settings, path: str | None) -> Iterator[Choice]:
    """What the settings say of the rules for a file, or for no particular one, the nearest word last."""
    for layer in settings.layers:
        config = layer.config
        yield Choice(config.select, config.extend_select, config.ignore, config.levels)
        for item in config.per_file:
            if path is not None and applies(settings, item, path):
                yield Choice(ignore=item.ignore, levels=item.levels)


def _matches(settings: Settings, patterns: tuple[str, ...], path: str) -> bool:
    """Whether one of the patterns names the file; they begin where the nearest configuration file is."""
    relative = os.path.relpath(path, settings.layers[-1].folder)
    return not relative.startswith(os.pardir) and _spec(patterns).match_file(relative)


@lru_cache(maxsize=256)
def _spec(patterns: tuple[str, ...]) -> "GitIgnoreSpec":
    from pathspec import GitIgnoreSpec  # not imported where no setting depends on the file

    return GitIgnoreSpec.from_lines(patterns)
