"""What codes are called on pages; texts in Indonesian, translated where they are shown."""

from app.auth.models import Role
from app.coverage.rules import Level
from app.questionnaires.models import State
from app.review.models import Status
from app.web.language import msg

ROLES = {
    Role.ENUMERATOR: msg("Petugas (PPL)"),
    Role.SUPERVISOR: msg("Pengawas (PML)"),
    Role.COORDINATOR: msg("Koordinator (Koseka)"),
    Role.REGENCY_ADMIN: msg("Admin kabupaten/kota"),
    Role.NATIONAL_ADMIN: msg("Admin nasional"),
    Role.ANALYST: msg("Analis"),
    Role.RESPONDENT: msg("Responden"),
    Role.GOVERNMENT: msg("Pemerintah daerah"),
}
LEVELS = {
    Level.CITY: msg("Kota"),
    Level.KECAMATAN: msg("Kecamatan"),
    Level.KELURAHAN: msg("Kelurahan"),
    Level.SLS: msg("SLS"),
    Level.SUB_SLS: msg("Sub-SLS"),
}
STATUSES = {
    Status.SUBMITTED: msg("Menunggu pemeriksaan"),
    Status.APPROVED: msg("Disetujui"),
    Status.REJECTED: msg("Dikembalikan"),
}
PRESENCE = {
    "00": msg("Tidak ditemukan"),
    "1": msg("Ditemukan"),
    "2": msg("Baru"),
    "3": msg("Tutup"),
    "4": msg("Ganda"),
    "9": msg("Nonrespons"),
}
FORM_STATES = {State.PUBLISHED: msg("Terbit"), State.CLOSED: msg("Ditutup")}
NODE_KINDS = {
    "group": msg("kelompok"),
    "repeat": msg("berulang"),
    "question": msg("pertanyaan"),
    "note": msg("catatan"),
    "calculation": msg("hitungan"),
    "meta": msg("keterangan"),
    "hidden": msg("tersembunyi"),
}
# what may differ between two versions of a question, as forms.compare names it
ASPECTS = {
    "type": msg("Jenis"),
    "list": msg("Daftar"),
    "filter": msg("Saringan pilihan"),
    "relevant": msg("Ditanyakan bila"),
    "required": msg("Wajib"),
    "constraint": msg("Harus"),
    "calculate": msg("Dihitung"),
    "warning": msg("Peringatan kecuali"),
    "count": msg("Banyaknya"),
    "readonly": msg("Hanya dibaca"),
    "default": msg("Nilai awal"),
    "appearance": msg("Tampilan"),
    "label": msg("Pertanyaan"),
    "hint": msg("Petunjuk"),
    "required_message": msg("Pesan bila kosong"),
    "constraint_message": msg("Pesan galat"),
    "warning_message": msg("Pesan peringatan"),
    "choice": msg("Pilihan"),
}
RISKS = {
    "code_reused": msg("Kode yang sama kini berlabel lain"),
    "code_removed": msg("Kode dihapus"),
    "type_changed": msg("Jenis berubah"),
    "removed": msg("Pertanyaan dihapus"),
    "moved": msg("Pindah tempat"),
}
VERDICTS = {"approve": msg("Disetujui"), "reject": msg("Dikembalikan")}
SEVERITIES = {"error": msg("Galat"), "warning": msg("Peringatan"), "advice": msg("Saran")}
# what a finding is about, as forms.findings names it
FINDING_RULES = {
    "required": msg("wajib diisi"),
    "constraint": msg("syarat jawaban"),
    "type": msg("jenis isian"),
    "choice": msg("pilihan"),
    "relevance": msg("tidak ditanyakan"),
    "calculation": msg("hitungan"),
    "repeat": msg("banyaknya ulangan"),
    "unknown": msg("tidak dikenal"),
    "warning": msg("peringatan"),
}

# classes of units in the order of the table and of the bars, with the name of their count
CLASSES = {
    "found": msg("Ditemukan"),
    "new": msg("Baru"),
    "not_found": msg("Tidak ditemukan"),
    "closed": msg("Tutup"),
    "duplicate": msg("Ganda"),
    "non_response": msg("Nonrespons"),
    "not_visited": msg("Belum dikunjungi"),
}
CLASS_COLOURS = {
    "found": "#0072b2",
    "new": "#56b4e9",
    "not_found": "#d55e00",
    "closed": "#e69f00",
    "duplicate": "#cc79a7",
    "non_response": "#f0e442",
    "not_visited": "#c9ced1",
}
MEASURES = {"visited": msg("dikunjungi"), "approved": msg("disetujui")}
ORIGINS = {"prelist": msg("Prelist"), "field": msg("Temuan lapangan")}
# what somebody decided of units, and the states of questions about them
SAID = {
    "merge": msg("Usaha yang sama"),
    "unmerge": msg("Usaha berbeda"),
    "defer": msg("Ditunda"),
    "retract": msg("Keputusan dibatalkan"),
}
ASKED = {
    "open": msg("Belum diputuskan"),
    "second": msg("Menunggu orang kedua"),
    "deferred": msg("Ditunda"),
}
