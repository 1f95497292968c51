"""Which of a collection's languages a text is in."""

import pytest

from pgretrieve import MissingDependency, detection
from pgretrieve.detection import LanguageDetector

pytest.importorskip("py3langid")

TEXTS = {
    None: "All human beings are born free and equal in dignity and rights.",
    "german": "Alle Menschen sind frei und gleich an Würde und Rechten geboren.",
    "pg_catalog.russian": "Все люди рождаются свободными и равными в своём достоинстве и правах.",
    "cjk": "すべての人間は、生まれながらにして自由であり、尊厳と権利とについて平等である。",
}


def test_texts_are_told_among_the_collections_languages() -> None:
    detector = LanguageDetector("english", ["german", "pg_catalog.russian", "cjk", "public.of_our_own"])
    assert {language: detector.language(text) for language, text in TEXTS.items()} == {name: name for name in TEXTS}
    assert detector.language("人人生而自由,在尊严和权利上一律平等。") == "cjk"
    # French is none of them, whatever it resembles
    assert detector.language("Tous les êtres humains naissent libres.") in {None, "german"}


def test_detectors_have_languages_of_their_own() -> None:
    one, other = LanguageDetector("english", ["german"]), LanguageDetector("english", ["cjk"])
    german = str(TEXTS["german"])
    assert (one.language(german), other.language(german)) == ("german", None)


@pytest.mark.parametrize("text", ["", " \n", "404", "VPN", "😀", "error 404: 0x7f"])
def test_what_says_little_is_in_the_collections_own(text: str) -> None:
    assert LanguageDetector("english", ["german", "cjk"]).language(text) is None
    assert LanguageDetector("german", ["english", "cjk"]).language(text) is None


def test_every_configuration_with_a_code_can_be_told() -> None:
    for name in detection._CODES:
        LanguageDetector("english" if name != "english" else "german", [name])


def test_a_package_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detection, "find_spec", lambda _: None)
    with pytest.raises(MissingDependency, match="py3langid"):
        LanguageDetector("english", ["german"])
