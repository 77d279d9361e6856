"""What can be wrong with a backup, each in both languages and with what to do.

NoBackup
├── OutOfReach   the place does not answer, or a disk is full
├── VaultAway    the place is there, and what was in it is not
├── NothingYet   nothing was ever shipped there
├── NoKey        no key is set, and the data directory has none
├── WrongKey     another key; also a BadSegment
├── AnotherOffice, TakenOver, Forgetful, Unfinished
└── NotEmpty     a database that holds something is never restored over
"""

from app.core.problems import Problem
from sync.codecs.segment import BadSegment


class NoBackup(Problem):
    """There is no place for backups, or nothing in it; the message says what to do."""


class OutOfReach(NoBackup):
    """The place does not answer, or there is no room."""

    def __init__(self, why: Exception) -> None:
        told = (str(why).strip().splitlines() or [""])[0][:300]
        super().__init__(
            f"Tempat cadangan di SE2026_BACKUP_URL tidak dapat dijangkau atau penuh ({told}). "
            "Periksa alamat, jaringan, izin dan ruang disk, lalu ulangi perintah ini. Pelayanan "
            "tetap berjalan; ponsel menyimpan kirimannya sampai cadangan pulih.",
            f"The place in SE2026_BACKUP_URL cannot be reached or is full ({told}). Please check "
            "address, network, permissions and disk space, then repeat this command. The service "
            "goes on; phones keep what they sent until the backup is back.",
        )


class VaultAway(NoBackup):
    """What should be in the vault is not there: a disk is not mounted, or was emptied."""

    def __init__(self) -> None:
        super().__init__(
            "Tempat di SE2026_BACKUP_URL tidak lagi berisi cadangan kantor ini. Periksa apakah "
            "disknya terpasang. Jika cadangan itu memang hilang: se2026 backup run --anew.",
            "The place in SE2026_BACKUP_URL no longer holds this office's backup. Please check "
            "that its disk is mounted. If the backup is lost: se2026 backup run --anew.",
        )


class NothingYet(NoBackup):
    """The place is not the one that this office ships to, and holds nothing."""

    def __init__(self) -> None:
        super().__init__(
            "Belum ada cadangan kantor ini di SE2026_BACKUP_URL. se2026 serve mengirimnya dengan "
            "sendirinya; sekarang juga: se2026 backup run.",
            "Nothing of this office was shipped to SE2026_BACKUP_URL yet. se2026 serve ships by "
            "itself; at once: se2026 backup run.",
        )


class NoKey(NoBackup):
    """No key is set, and none lies in the data directory."""

    def __init__(self) -> None:
        super().__init__(
            "Kunci cadangan tidak ada. Isi SE2026_BACKUP_KEY dengan kunci kantor ini, atau salin "
            "backup.key kantor ini ke SE2026_DATA_DIR. Tanpa kunci itu cadangan tidak terbaca.",
            "There is no key for the backup. Please set SE2026_BACKUP_KEY to the office's, or copy "
            "its backup.key to SE2026_DATA_DIR. Without that key nobody reads the backup.",
        )


class WrongKey(NoBackup, BadSegment):
    """The vault was sealed under another key, or its mark was altered."""

    def __init__(self) -> None:
        super().__init__(
            "Cadangan ini tidak dapat dibuka dengan kunci yang diberikan. Periksa "
            "SE2026_BACKUP_KEY (atau backup.key di SE2026_DATA_DIR): harus sama dengan kunci "
            "kantor yang membuatnya. Jika kuncinya benar, berkas vault.seg telah berubah.",
            "This backup cannot be opened with the key that is given. Please check "
            "SE2026_BACKUP_KEY (or backup.key in SE2026_DATA_DIR): it must be that of the office "
            "which made the backup. If the key is right, the file vault.seg was altered.",
        )


class AnotherOffice(NoBackup):
    """The vault is another office's, or the database is a new one."""

    def __init__(self) -> None:
        super().__init__(
            "Tempat di SE2026_BACKUP_URL berisi cadangan basis data lain. Untuk memulihkannya, "
            "jalankan se2026 restore; untuk kantor baru, pilih tempat lain.",
            "The place in SE2026_BACKUP_URL holds the backup of another database than this one. "
            "To bring it back, run se2026 restore; to begin a new office, name another place.",
        )


class TakenOver(NoBackup):
    """Another machine has restored this office meanwhile, and ships to the vault."""

    def __init__(self) -> None:
        super().__init__(
            "Kantor ini sudah dipulihkan di mesin lain, dan cadangannya berlanjut di sana. "
            "Hentikan yang lebih lama; ponsel membawa kepada yang baru apa yang kurang. Hanya jika "
            "yang lain sudah tidak ada: hapus epoch.json di SE2026_DATA_DIR, lalu se2026 serve.",
            "This office was restored elsewhere, and its backup goes on there. Please stop the "
            "older of the two; phones bring the other what it lacks. Only where the other is gone: "
            "remove epoch.json in SE2026_DATA_DIR, then se2026 serve.",
        )


class Forgetful(NoBackup):
    """The database lacks entries that its backup holds, and has not begun another epoch yet."""

    def __init__(self) -> None:
        super().__init__(
            "Basis data ini kekurangan catatan yang ada di cadangannya. Jalankan se2026 serve: "
            "masa baru dimulai, dan ponsel membawa yang kurang.",
            "This database lacks entries that its backup holds. Please start se2026 serve: a new "
            "epoch begins, and phones bring what is missing.",
        )


class Unfinished(NoBackup):
    """A restore into this database was broken off."""

    def __init__(self) -> None:
        super().__init__(
            "Pemulihan ke basis data ini terputus sebelum selesai. Jalankan lagi se2026 restore: "
            "semuanya dimulai dari awal dengan sendirinya.",
            "A restore into this database was broken off. Please run se2026 restore again: it "
            "begins from the start by itself.",
        )


class NotEmpty(NoBackup):
    """A database that holds something is never restored over."""

    def __init__(self) -> None:
        super().__init__(
            "Basis data ini tidak kosong, dan tidak diubah. Sebutkan basis data kosong di "
            "SE2026_DATABASE_URL, atau direktori kosong di SE2026_DATA_DIR.",
            "This database is not empty, and was not changed. Please name an empty one in "
            "SE2026_DATABASE_URL, or an empty directory in SE2026_DATA_DIR.",
        )
