"""What can go wrong, each error with its place and its remedy, in both languages."""

from typing import NamedTuple


class Phrase(NamedTuple):
    """One sentence for people, in Chinese and in English."""

    zh: str
    en: str

    def say(self, lang: str) -> str:
        """The sentence in `lang`: "zh" or "en"."""
        return self.en if lang == "en" else self.zh


class NianbaoError(Exception):
    """The root of all errors that the command reports in one line."""

    def __init__(self, phrase: Phrase) -> None:
        super().__init__(phrase.zh)
        self.phrase = phrase


class ReadError(NianbaoError):
    """A report file cannot be read: `phrase` says what is wrong, `remedy` what to do about it."""

    def __init__(self, phrase: Phrase, remedy: Phrase) -> None:
        super().__init__(phrase)
        self.remedy = remedy


class UsageError(NianbaoError):
    """The command line asks for what does not exist or cannot be done."""


def unwritable(path: str, error: OSError) -> UsageError:
    """The error for a file or folder that cannot be written."""
    return UsageError(Phrase(zh=f"无法写入 {path}：{error.strerror}", en=f"cannot write {path}: {error.strerror}"))


class Mistake(NamedTuple):
    """One mistake in a YAML file at 1-based `line` and `column` of `path`."""

    path: str
    line: int
    column: int
    phrase: Phrase

    def say(self, lang: str) -> str:
        """The mistake with its address: `path:line:column: …`."""
        return f"{self.path}:{self.line}:{self.column}: {self.phrase.say(lang)}"


class RuleError(NianbaoError):
    """Rules, templates or a configuration that cannot be used; holds every mistake found."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__(
            Phrase(
                zh="\n".join(m.say("zh") for m in mistakes),
                en="\n".join(m.say("en") for m in mistakes),
            )
        )
        self.mistakes = tuple(mistakes)
