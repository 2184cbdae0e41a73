"""The form that takes a proof file, as a file or pasted."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import FileField, TextAreaField

from elearn.form_words import PlacedForm
from elearn.proofs.proof_file import MOST_BYTES

PROBLEMS = {
    "missing": _l("Pilih berkas bukti, atau tempelkan isinya."),
    "too_long": _l("Berkas ini lebih panjang daripada berkas bukti mana pun."),
    "not_json": _l("Berkas ini terpotong, atau bukan berkas bukti."),
    "format": _l("Ini bukan berkas bukti kelulusan."),
    "version": _l("Versi berkas bukti ini tidak dikenal di sini."),
    "shape": _l("Ada yang ditambahkan, dihilangkan, atau salah tulis di dalam berkas ini."),
    "seal": _l("Akar di dalam berkas ini tidak tertulis sebagaimana mestinya."),
    "path": _l("Isi catatan di dalam berkas ini tidak sama dengan yang disegel."),
    "signature": _l("Tanda tangan pada akar di dalam berkas ini tidak sah."),
    "unknown_key": _l(
        "Akar di dalam berkas ini ditandatangani dengan kunci yang bukan milik kami."
    ),
    "unpublished": _l("Akar di dalam berkas ini tidak ada di antara akar yang kami terbitkan."),
}


class ProofForm(PlacedForm):
    """A proof file: chosen, or its text."""

    PROBLEMS = PROBLEMS

    file = FileField(_l("Berkas bukti"))
    text = TextAreaField(_l("Isi berkas bukti"))

    def content(self) -> bytes:
        """What was chosen, else what was pasted; a byte more than a proof may have at most."""
        chosen = self.file.data
        data: bytes = chosen.read(MOST_BYTES + 1) if chosen else b""
        return data or (self.text.data or "").strip().encode(errors="replace")
