import gzip
import json
import os
import subprocess
import sys

import pytest

from pgretrieve import InvalidDocument, read_json_lines
from pgretrieve.documents import checked

LINES = b'{"id": "a", "text": "one"}\n\n  \t\r\n{"id": "b", "text": "zw\xc3\xb6lf \xe2\x80\xa8 \xf0\x9f\x99\x82"}'
VALUES = [{"id": "a", "text": "one"}, {"id": "b", "text": "zwölf \u2028 🙂"}]


def refusal(path):
    with pytest.raises(InvalidDocument) as refused:
        list(read_json_lines(path))
    assert refused.value.hint
    assert str(path) in refused.value.message
    return refused.value.message


@pytest.mark.parametrize(("name", "pack"), [("a.jsonl", bytes), ("a.jsonl.gz", gzip.compress)])
def test_a_file_is_read_line_by_line_and_blank_lines_are_skipped(tmp_path, name, pack):
    path = tmp_path / name
    path.write_bytes(pack(LINES))
    assert list(read_json_lines(path)) == [(f"{path} line 1", VALUES[0]), (f"{path} line 4", VALUES[1])]
    assert [document.text for document, *_ in checked(read_json_lines(str(path)))] == ["one", VALUES[1]["text"]]


def test_a_file_without_lines_has_no_documents(tmp_path):
    path = tmp_path / "empty.jsonl"
    path.touch()
    assert list(read_json_lines(path)) == []


def test_a_bad_line_deep_in_a_file_is_named(tmp_path):
    path = tmp_path / "long.jsonl"
    good = '{"id": 1, "text": "x"}\n'
    path.write_text(good * 70_311 + '{"id": 1, "text": }\n' + good)
    lines = read_json_lines(path)
    for _ in range(70_311):
        next(lines)
    with pytest.raises(InvalidDocument, match=r"line 70312 is not valid JSON: Expecting value at column 19"):
        next(lines)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"[" * 200_000, "line 1 is not valid JSON: nested too deep"),
        (b'{"id": ' + b"1" * 5000 + b', "text": "x"}', "line 1 is not valid JSON"),
        (b"{'id': 1}", "line 1 is not valid JSON: Expecting property name"),
        (b'{"id": "\xff\xfe"}', "is not UTF-8 text in JSON Lines"),
    ],
)
def test_a_line_that_is_not_json_is_refused(tmp_path, line, message):
    path = tmp_path / "bad.jsonl"
    path.write_bytes(line)
    assert message in refusal(path)


@pytest.mark.parametrize("kept", [slice(40, None), slice(0, 60), slice(0, -4)])
def test_a_damaged_gzip_file_is_refused(tmp_path, kept):
    path = tmp_path / "bad.jsonl.gz"
    path.write_bytes(gzip.compress(os.urandom(100).hex().encode())[kept])
    assert "is not UTF-8 text in JSON Lines" in refusal(path)


def test_a_gzip_file_that_cannot_be_unpacked_is_refused(tmp_path):
    path = tmp_path / "bad.jsonl.gz"
    content = bytearray(gzip.compress(LINES))
    content[10] = 0xFF  # a kind of block that does not exist
    path.write_bytes(content)
    assert "is not UTF-8 text in JSON Lines" in refusal(path)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    assert "cannot be read: No such file" in refusal(tmp_path / "none.jsonl")
    assert "cannot be read: No such file" in refusal(tmp_path / "none.jsonl.gz")


def test_a_folder_is_refused(tmp_path):
    assert "cannot be read: Is a directory" in refusal(tmp_path)


def test_documents_before_a_bad_line_are_read(tmp_path):
    path = tmp_path / "half.jsonl"
    path.write_text('{"id": "a", "text": "x"}\nnot json\n')
    lines = read_json_lines(path)
    assert next(lines)[1]["id"] == "a"
    with pytest.raises(InvalidDocument, match="line 2 is not valid JSON"):
        next(lines)


READ_STANDARD_INPUT = """
import json, pgretrieve
try:
    print(json.dumps(list(pgretrieve.read_json_lines("-"))))
except pgretrieve.InvalidDocument as error:
    print(json.dumps(str(error)))
"""


@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_a_dash_is_standard_input_in_utf_8_whatever_the_locale(locale):
    ran = subprocess.run(
        [sys.executable, "-c", READ_STANDARD_INPUT],
        input=LINES, capture_output=True, check=True, env=os.environ | {"LC_ALL": locale, "PYTHONUTF8": "0"},
    )  # fmt: skip
    assert json.loads(ran.stdout) == [["standard input line 1", VALUES[0]], ["standard input line 4", VALUES[1]]]


def test_a_bad_line_of_standard_input_is_named():
    ran = subprocess.run([sys.executable, "-c", READ_STANDARD_INPUT], input=b"\n{]\n", capture_output=True, check=True)
    assert json.loads(ran.stdout).startswith("standard input line 2 is not valid JSON: ")
