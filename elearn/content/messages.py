"""Every sentence the compiler may say, in one place: what is wrong and how to mend it."""

from __future__ import annotations

# Folder and files
FOLDER_MISSING = "folder kursus tidak ditemukan. Periksa alamatnya."
FOLDER_NAME = (
    "nama folder kursus harus huruf kecil, angka, dan tanda hubung, misalnya `pelayanan-publik`."
)
COURSE_FILE_MISSING = "berkas course.md tidak ada. Buat berkas itu di dalam folder kursus."
TOO_MANY_FILES = "folder berisi lebih dari {limit} berkas. Pindahkan yang tidak dipakai."
FOLDER_TOO_LARGE = "folder lebih besar dari {limit} MB. Perkecil gambar dan video."
FILE_TOO_LARGE = "berkas lebih besar dari {limit} KB. Perkecil atau bagi menjadi beberapa berkas."
TEXT_TOO_LARGE = "teks lebih panjang dari {limit} KB. Bagi menjadi beberapa pelajaran."
LINK_IN_FOLDER = "tautan simbolis tidak diterima. Salin berkas aslinya ke dalam folder kursus."
NOT_A_FILE = "bukan berkas biasa. Hapus dari folder kursus."
UNREADABLE = "berkas tidak dapat dibaca. Periksa izin berkas."
BAD_NAME = (
    "nama berkas memuat tanda yang tidak diterima. Pakai huruf, angka, titik, dan tanda hubung."
)
NOT_UTF8 = "bukan teks UTF-8. Simpan ulang berkas sebagai teks UTF-8."
BINARY = "berisi data biner, bukan teks. Periksa apakah berkas ini memang Markdown."
TOO_DEEP = "folder terlalu dalam. Pelajaran berada langsung di dalam folder modul."
UNUSED_FILE = "berkas ini tidak dipakai kursus."
UNUSED_ASSET = "berkas ini tidak ditautkan dari mana pun, jadi tidak ikut terbit."
LESSON_OUTSIDE_MODULE = "pelajaran di luar modul. Pindahkan ke salah satu folder modul."
NO_LESSONS = "kursus belum berisi pelajaran. Tambahkan berkas seperti 01-pendahuluan.md."
EMPTY_MODULE = "modul tidak berisi pelajaran. Tambahkan pelajaran atau hapus foldernya."
BAD_SLUG = "nama `{name}` tidak dapat menjadi alamat. Pakai huruf kecil, angka, dan tanda hubung."
DUPLICATE_KEY = "alamat `{key}` sudah dipakai oleh {other}. Ganti nama berkas atau `id`."
TOO_COSTLY = "teks terlalu rumit untuk diolah ({what}). Sederhanakan bagian ini."

# Front matter
YAML_OPEN = "pengaturan di awal berkas tidak ditutup. Tambahkan baris `---` setelahnya."
YAML_BROKEN = (
    "pengaturan di sekitar baris ini tidak sah. Periksa titik dua, kurung, kutip, dan spasi."
)
YAML_TOO_LARGE = "pengaturan di awal berkas terlalu panjang. Paling banyak {limit} KB."
YAML_TOO_DEEP = "pengaturan bersusun terlalu dalam. Paling banyak {limit} tingkat."
YAML_ALIAS = "tanda & dan * dari YAML tidak diterima. Tulis nilainya langsung, atau beri kutip."
YAML_TAG = "tanda {tag} dari YAML tidak diterima. Hapus tanda itu, atau beri kutip."
YAML_NOT_MAP = "pengaturan harus berupa pasangan `kunci: nilai`, satu pada tiap baris."
YAML_DUPLICATE = "kunci `{key}` ditulis dua kali. Sisakan satu."
KEY_UNKNOWN = "kunci `{key}` tidak dikenal.{hint} Hapus atau perbaiki kunci itu."
VALUE_MISSING = "`{key}` wajib diisi. Tambahkan `{key}: {example}`."
VALUE_TEXT = "`{key}` harus berupa teks satu baris."
VALUE_LIST = "`{key}` harus berupa daftar, misalnya `[{example}]`."
VALUE_WHOLE = "`{key}` harus bilangan bulat {low} sampai {high}."
VALUE_YES_NO = "`{key}` harus `ya` atau `tidak`."
VALUE_ONE_OF = "`{value}` bukan nilai `{key}` yang dikenal.{hint} Pilihan: {choices}."
VALUE_LONG = "`{key}` terlalu panjang. Paling banyak {limit} huruf."
COMPETENCY_MAP = "`{key}` harus ditulis seperti `{{M.05: 2, DIG.AMAN: 2}}`."
COMPETENCY_UNKNOWN = "kompetensi `{code}` tidak dikenal.{hint} Periksa kode pada daftar kompetensi."
COMPETENCY_RETIRED = "kompetensi `{code}` tidak dipakai lagi; tidak ada jabatan yang memintanya."
COMPETENCY_LEVEL = "level kompetensi `{code}` harus 1 sampai 5."
COMPETENCY_NO_LEVEL = "level kompetensi belum ada. Tulis seperti `@{code}:2`."
COURSE_UNKNOWN = "kursus prasyarat `{slug}` tidak dikenal.{hint} Terbitkan kursus itu lebih dulu."
COURSE_ITSELF = "kursus tidak dapat menjadi prasyarat bagi dirinya sendiri."
RULE_UNKNOWN = (
    "aturan selesai `{rule}` tidak dikenal.{hint} Pilihan: `materi 100%`, `kuis semua lulus`, "
    "`kuis <nama> lulus`, `refleksi`, `survei`."
)
RULE_QUIZ = "aturan selesai menyebut kuis `{key}` yang tidak ada.{hint}"
RULE_NO_QUIZ = "aturan selesai meminta kuis, tetapi kursus tidak memuat kuis. Hapus aturan itu."
RULE_NO_REFLECTION = (
    "aturan selesai meminta refleksi, tetapi kursus tidak memuatnya. Hapus aturan itu."
)
RULE_NO_SURVEY = "aturan selesai meminta survei, tetapi kursus tidak memuatnya. Hapus aturan itu."
JP_TOO_HIGH = (
    "`jp: {jp}` melebihi isi kursus: {minutes} menit cukup untuk {allowed} JP "
    "(1 JP = {per_jp} menit). Turunkan jp atau tambah isi."
)
MINUTES_HIGH = "`menit: {set}` jauh di atas hitungan {counted} menit. Periksa kembali."
NO_TITLE = "judul belum ada. Awali berkas dengan `# Judul`."
NO_SUMMARY = "`ringkasan` belum ada dan berkas tidak memuat paragraf. Tambahkan `ringkasan`."

# Pretest
PRETEST_FORM = (
    "`uji-awal` harus ditulis seperti `bank/dasar.md ambil 8`, beberapa bank dipisahkan koma."
)
PRETEST_NO_QUIZ = (
    "uji awal memerlukan kuis terakhir sebagai pembandingnya, tetapi kursus tidak memuat kuis."
)
PRETEST_TWICE = "bank `{path}` disebut dua kali dalam `uji-awal`. Sisakan satu."
PRETEST_TOO_SMALL = (
    "dua naskah dengan `ambil {draw}` memerlukan {need} soal `{path}` yang juga dapat diambil kuis "
    "terakhir `{quiz}`; baru ada {count}, tanpa soal uraian dan anulir. Turunkan `ambil`, atau "
    "tautkan bank itu di kuis terakhir."
)
PRETEST_ROOM = (
    "kuis terakhir `{quiz}` mengambil {draw} dari kelompok `{pool}`, tetapi tanpa soal yang sudah "
    "keluar di uji awal tinggal {left}. Tambah soal, atau turunkan `ambil`."
)
PRETEST_PARTLY = (
    "kelompok `{pool}` di kuis terakhir mengambil {draw} soal, padahal naskah uji akhirnya memuat "
    "{count}. Sebagian naskah tidak akan terukur; samakan `ambil`."
)
PRETEST_TAGS = (
    "soal `{first}` dan `{second}` menjadi padanan di dua naskah uji awal, padahal tandanya "
    "berbeda. Beri keduanya kompetensi dan tingkat yang sama, atau tambah soal."
)
PRETEST_ELSEWHERE = (
    "soal uji awal juga keluar di kuis `{quiz}`, jadi peserta dapat mengenalinya di kuis terakhir. "
    "Pakai bank lain untuk kuis itu."
)

# Headings and sections
HEADING_NO_COLON = "judul `{word}` tanpa titik dua. Tulis `{word}: …` agar dikenali."
HEADING_NO_NAME = "judul `{word}:` belum bernama. Tulis nama setelah titik dua."
HEADING_MISPLACED = "`{word}:` tidak dapat berada di sini. {advice}"
HEADING_JUMP = "tingkat judul melompat dari {before} ke {after}. Pakai {wanted}."
SECOND_TITLE = "judul `#` kedua dalam berkas ini. Pakai `##` untuk bagian."
KEY_OUTSIDE = (
    "pilihan atau kunci di luar soal: kunci akan terlihat peserta. Letakkan di bawah judul "
    "`Cek pemahaman: …`, atau di dalam `Kuis: …`."
)
BANK_FIRST = "berkas bank diawali `# Bank: judul`."
BANK_EMPTY = "bank tidak memuat soal. Tambahkan soal dengan judul `## …`."
LESSON_EMPTY = "pelajaran ini kosong. Tambahkan isi atau hapus berkasnya."
LESSON_LONG = "pelajaran ini perlu {minutes} menit. Bagi agar paling lama {limit} menit."
LIST_NEEDS_BLANK = "daftar menempel pada paragraf. Beri satu baris kosong sebelum daftar."
LIST_NEEDS_INDENT = "daftar bersusun kurang menjorok. Pakai 4 spasi."
LIST_PARENTHESIS = "daftar bernomor dengan kurung tidak dikenali. Pakai `1.`."
CALLOUT_UNKNOWN = "kotak `[!{word}]` tidak dikenal.{hint} Pilihan: {choices}."
RAW_HTML = "HTML mentah akan dibersihkan. Pakai Markdown."

# Quizzes, pools, reflections
QUIZ_EMPTY = "kuis tidak memuat soal. Tambahkan soal dengan judul yang lebih dalam."
QUIZ_SAME_TITLE = "kuis `{title}` sudah ada di {other}. Bedakan judulnya."
REFLECTION_SAME_TITLE = "refleksi `{title}` sudah ada di {other}. Bedakan judulnya."
REFLECTION_EMPTY = "refleksi belum berisi pertanyaan. Tulis apa yang diminta dari peserta."
SURVEY_EMPTY = "survei tidak memuat pertanyaan. Tambahkan pertanyaan dengan judul yang lebih dalam."
SURVEY_SAME_TITLE = "survei `{title}` sudah ada di {other}. Bedakan judulnya."
SURVEY_KEY = (
    "survei tidak berkunci. Pakai `[ ]` tanpa tanda, `Skala: 1..5`, atau `Jawaban: uraian`."
)
CHECK_NO_QUESTION = "cek pemahaman belum memuat soal."
POOL_NO_DRAW = "kelompok belum menyebut jumlah soal. Tambahkan `ambil 2` di bawah judulnya."
POOL_EMPTY = "kelompok tidak memuat soal. Tambahkan soal atau tautan ke bank."
POOL_TOO_SMALL = "diminta `ambil {draw}`, tetapi hanya ada {count} soal yang cocok."
POOL_MIXED = "kelompok memuat tautan bank dan soal sekaligus. Pilih salah satu."
POOL_FILTER = "penyaring hanya berlaku untuk kelompok yang mengambil dari bank."
POOL_OVERLAP = (
    "soal `{id}` dapat terambil dua kali dalam kuis ini. Bedakan penyaring kelompok-kelompoknya."
)
POOL_TEXT = "teks di kelompok harus berupa satu tautan ke bank, atau soal dengan judul lebih dalam."
BANK_MISSING = "bank `{path}` tidak ditemukan.{hint}"
QUIZ_TIME_LIMIT = (
    "kuis ini dibatasi waktu. Peserta yang perlu waktu lebih harus diberi satu per satu."
)
LONGEST_KEY = "jawaban benar selalu pilihan yang terpanjang. Samakan panjang pilihannya."

# Questions
NO_KEY = (
    "soal belum berkunci. Beri tanda `[x]` pada jawaban yang benar, atau tulis `Jawaban: …`.{hint}"
)
HINT_SPACE = " Tulis spasi setelah tanda `-`."
HINT_KEY_LINE = " Untuk daftar ini tulis juga `Kunci: B`."
HINT_ESSAY = " Untuk soal uraian tulis juga `Jawaban: uraian`."
HINT_ORDERING = (
    " Untuk soal urutan, judulnya memuat kata urut, langkah, atau tahap, atau beri `urutkan`."
)
SECOND_KEY = "soal mempunyai kunci kedua; yang pertama di baris {first}. Sisakan satu."
TEXT_AFTER_ANSWER = (
    "teks setelah jawaban. Awali dengan `>` bila ini pembahasan, atau mulai bagian baru dengan "
    "judul."
)
MIXED_LIST = "butir ini tidak berkotak, sedangkan butir lain berkotak. Beri `[ ]` atau `[x]`."
BAD_TICK = "tanda `[{tick}]` tidak dikenal. Pakai `[x]` untuk benar dan `[ ]` untuk salah."
EMPTY_OPTION = "pilihan ini kosong. Tulis isinya."
ONE_OPTION = "soal pilihan memerlukan paling sedikit dua pilihan."
ALL_TICKED = "semua pilihan ditandai benar. Beri paling sedikit satu pilihan yang salah."
TRUE_FALSE_BOTH = "Benar dan Salah sama-sama ditandai. Tandai satu saja."
KEY_NOT_IN_LIST = "kunci `{key}` tidak ada dalam daftar. Pilih {first} sampai {last}."
KEY_AMBIGUOUS = (
    "tidak jelas apakah `{key}` nomor pilihan atau angka. Tulis `Kunci: {letter}`, atau beri "
    "kalimat di antara daftar dan jawaban."
)
QUOTE_NOWHERE = "kutipan ini berada sebelum jawaban. Pindahkan pembahasan ke bawah jawaban."
DUPLICATE_ID = "`#{id}` sudah dipakai di {other}. Beri id lain."
DUPLICATE_DEFAULT_ID = "soal ini sama judulnya dengan {other}. Beri id sendiri, misalnya `#{id}-2`."
NO_STEM = "soal belum berisi pertanyaan. Tulis pertanyaan pada judul atau di bawahnya."
CHIP_UNKNOWN = "tanda `{chip}` tidak dikenal.{hint}"
CHIP_NOT_HERE = "tanda `{chip}` tidak berlaku untuk {place}."
CHIP_TWICE = "tanda `{chip}` mengulang atau bertentangan dengan tanda lain. Sisakan satu."
CHIP_NO_BACKTICKS = "tanda `{chip}` tanpa petik miring. Apit dengan ` di kiri dan kanannya."
CHIP_BAD_ID = "id `{chip}` tidak sah. Pakai huruf kecil, angka, tanda hubung: `#soal-1`."
CHIP_RANGE = "angka pada `{chip}` harus {low} sampai {high}."
CHIP_USELESS = "tanda `{chip}` hanya berlaku untuk soal {shape}."
OPTION_PERCENT = "persen hanya berlaku untuk pilihan dengan satu jawaban benar. Pakai `parsial`."
OPTION_PERCENT_KEY = "pilihan yang benar bernilai 100%, pilihan lain kurang dari itu."
STAYS_USELESS = "tanda `{chip}` tidak berlaku untuk daftar jawaban."
EMPTY_KEY = "jawaban ini kosong. Tulis isinya."
EXPECTED_NO_FULL = "tidak ada jawaban yang bernilai penuh. Beri satu butir tanpa persen."
MATCHING_ARROWS = "butir ini memuat beberapa panah. Pakai satu `→` di antara kiri dan kanan."
MATCHING_NO_RIGHT = "sisi kanan kosong. Tulis pasangannya setelah `→`."
MATCHING_ONE = "menjodohkan memerlukan paling sedikit dua pasangan."
MATCHING_TWICE = "sisi kiri `{text}` ditulis dua kali. Sisakan satu."
ORDERING_ONE = "mengurutkan memerlukan paling sedikit dua langkah."
ORDERING_TWICE = "langkah `{text}` ditulis dua kali, jadi urutannya tidak pasti. Bedakan isinya."
TOO_MANY_PARTS = "bagian jawaban terlalu banyak. Paling banyak {limit}; bagi menjadi beberapa soal."
CLOZE_SAME = "pilihan dalam `[[…]]` ada yang sama. Bedakan isinya."
CLOZE_PLACE = (
    "rumpang `[[…]]` tidak dapat berada di dalam tautan, gambar, atau kode. Pindahkan ke kalimat."
)
ESSAY_NO_RUBRIC = (
    "uraian belum berubrik. Tulis di bawahnya `> Rubrik:` lalu butir seperti ``- Isi `2 poin` ``."
)
ESSAY_IN_CHECK = "uraian dinilai pengajar, jadi tidak dapat menjadi cek pemahaman. Pakai `Kuis: …`."
RUBRIC_POINTS = "setiap butir rubrik diakhiri nilainya, misalnya `2 poin` di antara petik miring."
RUBRIC_SUM = "butir rubrik berjumlah {total} poin, seharusnya {wanted}. Samakan keduanya."
RUBRIC_USELESS = "rubrik hanya berlaku untuk soal uraian. Hapus, atau tulis `Jawaban: uraian`."
SCALE_OUTSIDE = "skala tidak mempunyai jawaban benar. Letakkan soal ini di bawah `Survei: …`."
SCALE_BAD = (
    "skala `{text}` tidak dapat dibaca. Tulis seperti `1..5 (tidak setuju … sangat setuju)`, "
    "paling banyak 11 tingkat."
)
NUMBER_POINT = "`{number}` memakai titik desimal. Tulis dengan koma, misalnya `{mended}`."
NUMBER_COMMA = "`{number}` memakai koma desimal. Tulis dengan titik, misalnya `{mended}`."
NUMBER_RANGE = "rentang `{text}` terbalik. Tulis angka yang kecil lebih dulu."
NUMBER_TOLERANCE = "toleransi `{text}` tidak dapat dibaca. Tulis seperti `75 ± 0,5`."
NUMBER_PERCENT = "tidak jelas apakah toleransi `{text}` berupa persen. Tulis seperti `75 % ± 2`."
NUMBER_SEVERAL = "jawaban angka hanya boleh satu. Tulis rentang, misalnya `75..76`."
TEXT_KEY_LONG = "jawaban terlalu panjang untuk isian singkat. Paling banyak {limit} huruf."
TEXT_KEY_STAR = "`*` menerima semua jawaban, jadi tidak dapat digabung dengan jawaban lain."
SAME_OPTIONS = "pilihan ini sama dengan pilihan lain. Bedakan isinya."
BOTH_OPTION = "pilihan seperti `A dan B benar` menyesatkan karena pilihan diacak. Sebutkan isinya."
ALL_OPTION = "beri `tetap` pada `{text}` agar selalu menjadi pilihan terakhir."

# Links and files
LINK_MISSING = "tautan `{address}` tidak ditemukan.{hint}"
LINK_TO_BANK = "tautan ke bank soal akan membuka kunci. Tautkan bank hanya di dalam kelompok soal."
LINK_OUTSIDE = "tautan `{address}` keluar dari folder kursus."
LINK_SCHEME = "tautan `{address}` tidak diterima. Pakai https://, mailto:, atau tel:."
LINK_EMPTY = "tautan ini kosong. Isi alamatnya."
ASSET_MISSING = "berkas `{address}` tidak ditemukan.{hint}"
ASSET_OUTSIDE = (
    "gambar `{address}` berada di luar kursus. Simpan di folder assets, lalu tautkan dari sana."
)
ASSET_KIND = "jenis berkas tidak dikenal. Pakai SVG, PNG, JPEG, GIF, WebP, PDF, MP4, WebM, VTT."
ASSET_NOT_MEDIA = "`{address}` bukan gambar atau video. Tautkan tanpa tanda seru."
ASSET_HUGE = "gambar lebih besar dari {limit} juta titik. Kecilkan lebar dan tingginya."
ALT_MISSING = "gambar tanpa keterangan. Tulis keterangan di antara [ dan ]."
SVG_BROKEN = "gambar SVG tidak sah: {reason}. Simpan ulang sebagai SVG biasa."
SVG_FORBIDDEN = "gambar SVG memuat {what}, yang tidak diterima. Simpan ulang sebagai SVG biasa."
