"""The functions of pdfium that are called here.

Those that are called for every character and every stroke are bound once more, without checks of what they are given
and without letting other threads run meanwhile: a call then takes a third of the time, and a report takes some 15,000.
Of pypdfium2 only the raw interface is imported: its other half takes as long to import as a report to read.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import POINTER, PYFUNCTYPE, byref, c_char, c_float, c_int, c_uint, c_void_p, cast
from typing import Any

import pypdfium2_raw as raw  # type: ignore[import-untyped]  # has no stubs

Pointer = Any
"""What pdfium takes for a document, page, object and so on: a ctypes pointer of one kind or another."""


class PdfiumError(Exception):
    """What pdfium cannot open; `code` is one of its FPDF_ERR."""

    def __init__(self, code: int = raw.FPDF_ERR_UNKNOWN) -> None:
        super().__init__(code)
        self.code = code


class _Handle(c_void_p):
    """A pointer that a function returns; ctypes would make an integer of c_void_p itself, and cut it when passed on."""


def _bound(function: Any, result: type) -> Callable[..., Any]:
    return PYFUNCTYPE(result)(cast(function, c_void_p).value)  # type: ignore[arg-type]  # no null pointer


char_code = _bound(raw.FPDFText_GetUnicode, c_uint)
char_box = _bound(raw.FPDFText_GetLooseCharBox, c_int)
char_angle = _bound(raw.FPDFText_GetCharAngle, c_float)
char_has_no_meaning = _bound(raw.FPDFText_HasUnicodeMapError, c_int)

page_object = _bound(raw.FPDFPage_GetObject, _Handle)
form_object = _bound(raw.FPDFFormObj_GetObject, _Handle)
count_form_objects = _bound(raw.FPDFFormObj_CountObjects, c_int)
object_type = _bound(raw.FPDFPageObj_GetType, c_int)
object_matrix = _bound(raw.FPDFPageObj_GetMatrix, c_int)
stroke_width = _bound(raw.FPDFPageObj_GetStrokeWidth, c_int)

draw_mode = _bound(raw.FPDFPath_GetDrawMode, c_int)
count_segments = _bound(raw.FPDFPath_CountSegments, c_int)
path_segment = _bound(raw.FPDFPath_GetPathSegment, _Handle)
segment_type = _bound(raw.FPDFPathSegment_GetType, c_int)
segment_point = _bound(raw.FPDFPathSegment_GetPoint, c_int)
segment_closes = _bound(raw.FPDFPathSegment_GetClose, c_int)


# No folder of fonts: a font that is not in the file is replaced by one that pdfium has in itself, on every machine the
# same. With those of the machine a report would have other lines elsewhere, and each would have to be opened for it.
_NO_FOLDERS = (POINTER(c_char) * 1)()
raw.FPDF_InitLibraryWithConfig(raw.FPDF_LIBRARY_CONFIG(version=2, m_pUserFontPaths=_NO_FOLDERS))


@contextmanager
def opened(data: bytes) -> Iterator[Pointer]:
    """The document in `data`, which has a page at least. Raises PdfiumError."""
    document = raw.FPDF_LoadMemDocument64(data, len(data), None)
    if not document:
        raise PdfiumError(raw.FPDF_GetLastError())
    try:
        if raw.FPDF_GetPageCount(document) < 1:
            raise PdfiumError
        yield document
    finally:
        raw.FPDF_CloseDocument(document)


@contextmanager
def loaded(document: Pointer, index: int) -> Iterator[tuple[Pointer, Pointer]]:
    """A page, by its number from 0 on, and its text. Raises PdfiumError."""
    page = raw.FPDF_LoadPage(document, index)
    if not page:
        raise PdfiumError
    try:
        text = raw.FPDFText_LoadPage(page)
        if not text:
            raise PdfiumError
        try:
            # References to what the pointers point at are passed faster than the pointers.
            yield byref(page.contents), byref(text.contents)
        finally:
            raw.FPDFText_ClosePage(text)
    finally:
        raw.FPDF_ClosePage(page)


def bounding_box(page: Pointer) -> tuple[float, float, float, float]:
    """(left, bottom, right, top) of a page. Raises PdfiumError."""
    box = raw.FS_RECTF()
    if not raw.FPDF_GetPageBoundingBox(page, box):
        raise PdfiumError
    return box.left, box.bottom, box.right, box.top
