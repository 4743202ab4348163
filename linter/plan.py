"""How each file is checked: its nearest configuration, then what the command line says."""

import os
from collections.abc import Callable, Hashable
from typing import NamedTuple

from linter.config import AUTO, Settings, find_config
from linter.diagnostic import Level
from linter.errors import Phrase, UsageError
from linter.ruleset import Ruleset
from linter.selection import Choice
from linter.template import in_force


class Wishes(NamedTuple):
    """What the command line says; None and nothing leave it to the configuration."""

    config: str | None = None  # the configuration file for all files
    lang: str | None = None
    rules: tuple[str, ...] = ()  # folders, beside the configured ones
    choice: Choice = Choice()
    preview: bool = False
    fail_on: Level | None = None
    template: str | None = None
    year: int | None = None


class Terms(NamedTuple):
    """What holds for a file."""

    chosen: Ruleset
    every: Ruleset  # the rules that are not chosen, too
    fail_on: Level


class Plan:
    """Finds the terms for each file; reads each configuration and each set of rule folders once."""

    def __init__(self, wishes: Wishes, load: Callable[[tuple[str, ...]], Ruleset]) -> None:
        self.wishes, self._load = wishes, load
        self._by_folder: dict[str, str | None] = {}
        self._by_config: dict[str | None, Settings] = {None: Settings()}
        self._rulesets: dict[tuple[str, ...], Ruleset] = {}
        self._terms: dict[Hashable, Terms] = {}

    def run(self) -> Settings:
        """The settings of the working folder: the language and the paths are a run's, not a file's."""
        return self._settings(os.curdir)

    def every(self) -> Ruleset:
        """All rules of the working folder, at the levels that hold there."""
        return self._terms_of(self.run(), None).every

    def settings(self, path: str) -> Settings:
        """The settings for a file."""
        return self._settings(os.path.dirname(path) or os.curdir)

    def _settings(self, folder: str) -> Settings:
        config = self.wishes.config or self._config(folder)
        if config not in self._by_config:
            from linter.settings import load_settings  # not imported where nothing is configured

            self._by_config[config] = load_settings(str(config))
        return self._by_config[config]

    def _config(self, folder: str) -> str | None:
        if folder not in self._by_folder:
            self._by_folder[folder] = find_config(folder)
        return self._by_folder[folder]

    def excludes(self, path: str) -> bool:
        """Whether the configuration leaves a file out."""
        settings = self.settings(path)
        if not settings.layers:
            return False
        from linter.settings import excludes

        return excludes(settings, path)

    def terms(self, path: str) -> Terms:
        """The terms for a file. Raises RuleError or UsageError for a name that does not exist."""
        return self._terms_of(self.settings(path), path)

    def _terms_of(self, settings: Settings, path: str | None) -> Terms:
        config, wishes = settings.config, self.wishes
        choices: tuple[Choice, ...] = ()
        if settings.layers:
            from linter.settings import choices as configured

            choices = tuple(configured(settings, path))
        key = (id(settings), tuple(repr(choice) for choice in choices))
        if key not in self._terms:
            every = self._ruleset(settings)
            chosen, every = every.after([*choices, wishes.choice], wishes.preview or config.preview)
            self._terms[key] = Terms(chosen, every, wishes.fail_on or config.fail_on)
        return self._terms[key]

    def _ruleset(self, settings: Settings) -> Ruleset:
        config, wishes = settings.config, self.wishes
        folders = (*config.rules, *wishes.rules)
        if folders not in self._rulesets:
            self._rulesets[folders] = self._load(folders)
        every = self._rulesets[folders]
        if settings.layers:
            from linter.settings import validate

            validate(settings, every)
        edition = wishes.template or config.template
        if edition != AUTO:
            _validate_edition(edition, every)
            every = every._replace(templates=in_force(every.templates, edition))
        return every._replace(year=wishes.year or config.year)


def _validate_edition(edition: str, every: Ruleset) -> None:
    known = [template.edition for template in every.templates]
    if edition not in known:
        raise UsageError(
            Phrase(
                zh=f"没有“{edition}”版格式；可用的有：{'、'.join([AUTO, *known])}",
                en=f"no template '{edition}'; known: {', '.join([AUTO, *known])}",
            )
        )
