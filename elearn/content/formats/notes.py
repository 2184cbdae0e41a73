"""Every sentence of the reports of conversions: what could not be carried, and how to mend it."""

from __future__ import annotations

# The file as a whole
BINARY = "berkas berisi data biner, bukan teks. Pilih format yang sesuai dengan berkas ini."
TOO_LARGE = "berkas lebih besar dari {limit} KB. Bagi menjadi beberapa berkas."
TOO_MANY = "paling banyak {limit} soal sekali jalan. Bagi berkas ini, lalu impor sisanya."
XML_BROKEN = "XML tidak sah di baris {line}. Ekspor ulang dari Moodle."
XML_DOCTYPE = "XML memuat deklarasi DOCTYPE, yang tidak diterima. Ekspor ulang dari Moodle."
XML_DEEP = "XML bersusun terlalu dalam. Ekspor ulang dari Moodle."
XML_OTHER = "ini bukan berkas soal Moodle: unsur pertamanya bukan `quiz`."
SHEET_BROKEN = "berkas ini bukan lembar kerja XLSX yang sah. Simpan ulang sebagai .xlsx."
SHEET_LARGE = "isi lembar kerja terlalu besar. Pakai templat, paling banyak {rows} baris."
SHEET_FORMULA = (
    "lembar kerja memuat rumus. Salin selnya, tempel sebagai nilai (Paste Values), lalu simpan."
)
SHEET_HEADER = (
    "baris judul kolom tidak ditemukan. Pakai templat: soal, pilihan A–E, kunci, pembahasan."
)
BANK_LARGE = "bank soal lebih besar dari {limit} KB. Bagi berkas ini, lalu impor satu per satu."

# A question
READ_OTHERWISE = "soal ini terbaca lain setelah ditulis ulang. Tulis langsung di editor."
NO_TEXT = "teks soal kosong."
NO_KEY = "kunci belum ada."
KEY_UNKNOWN = "kunci `{key}` tidak menunjuk pilihan yang ada."
TYPE_UNKNOWN = "jenis soal `{name}` tidak ada padanannya."
SHAPE_NOT_HERE = "jenis soal ini tidak ada dalam format tujuan."
CHOICES_MANY = "pilihan lebih dari {limit} tidak muat dalam format tujuan."

# A part of a question
TAG_UNKNOWN = "label `{tag}` tidak dikenal dan tidak dibawa."
CUT = "teks lebih panjang dari {limit} huruf dipotong."
PICTURES = "gambar tidak dibawa. Tambahkan lagi di editor."
TABLES = "tabel menjadi teks biasa."
FEEDBACK = "umpan balik per pilihan tidak dibawa."
PAIR_FEEDBACK = "umpan balik per pasangan tidak dibawa."
GAP_FEEDBACK = "umpan balik di dalam rumpang tidak dibawa."
COMBINED_FEEDBACK = "umpan balik gabungan (benar, sebagian, salah) tidak dibawa."
HINTS = "petunjuk tidak dibawa."
EXPLANATION = "pembahasan tidak dibawa."
LABELS = "poin, kompetensi, dan kesulitan tidak dibawa."
STAYS_LAST = "penanda `tetap` pada pilihan tidak dibawa."
PERCENTS = "persentase jawaban sebagian tidak dibawa."
PERCENT_ROUNDED = "persentase jawaban dibulatkan."
NEGATIVE = "nilai minus pada pilihan salah menjadi 0."
TYPOS = "toleransi salah ketik tidak dikenal format tujuan."
UNITS = "satuan tidak dikenal format tujuan, jadi jawaban diterima tanpa satuan."
PARTIAL = "format tujuan memberi nilai sebagian, sedangkan soal ini semua atau tidak sama sekali."
RUBRIC = "rubrik tidak dibawa."
RUBRIC_MADE = "uraian memerlukan rubrik: satu kriteria umum ditulis, sesuaikan."
TAIL = "teks setelah jawaban digabungkan dengan tanda isian."
CASE = "huruf besar dan kecil tidak dibedakan di sini."
WRONG_TYPED = "tanggapan untuk jawaban salah lainnya tidak dibawa."
DEFAULT_GRADE = "bobot {grade} dibulatkan menjadi {points} poin."
CATEGORY = "kategori tidak dibawa."

RUBRIC_TEXT = "Isi jawaban lengkap dan tepat"
