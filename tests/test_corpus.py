"""The real documents beside the checkout, where they are there: read as a careful human reads them."""

import subprocess
import sys
from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared"


@pytest.mark.skipif(not (SHARED / "check_corpus.py").exists(), reason="the real documents are not part of the product")
def test_the_real_documents_are_read_as_a_careful_human_has_them() -> None:
    done = subprocess.run(
        [sys.executable, SHARED / "check_corpus.py", "--python", sys.executable, "--only", ".txt", ".docx", ".pdf"],
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stdout.splitlines()
    assert [line for line in lines if not line.endswith("as a careful human has it")] == []
    assert (len(lines), done.returncode) == (7, 0)
