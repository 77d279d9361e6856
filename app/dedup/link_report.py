"""What a run of `se2026 dedup link` tells its user, in sentences of both languages."""

from collections.abc import Iterator

from matching.batch.report import Report

Said = tuple[str, str]  # Indonesian, English
_LARGE = 12  # records; a group of more is told


def sentences(report: Report, language: str) -> list[str]:
    """Tell what was read, what could not be used, what was left out and what was found."""
    said = [
        *_read(report),
        *_unusable(report),
        *_left_out(report),
        *_found(report),
        *_answers(report),
    ]
    return [english if language == "en" else indonesian for indonesian, english in said]


def _read(report: Report) -> Iterator[Said]:
    sources = ", ".join(f"{name} {count}" for name, count in sorted(report.sources.items()))
    yield (
        f"{report.records} catatan dibaca: {sources}.",
        f"{report.records} records read: {sources}.",
    )
    if report.resumed:
        yield (
            "Melanjutkan pekerjaan yang sudah dimulai dengan berkas yang sama.",
            "Went on with what an earlier run on the same file had finished.",
        )
    if report.ignored_columns:
        names = ", ".join(report.ignored_columns)
        yield f"Kolom yang tidak dipakai: {names}.", f"Columns not used: {names}."
    if report.missing_columns:
        names = ", ".join(report.missing_columns)
        yield f"Kolom yang tidak ada: {names}.", f"Columns not there: {names}."
    if report.unknown_sources:
        yield (
            f"{report.unknown_sources} catatan dengan sumber yang tidak dikenal dianggap field.",
            f"{report.unknown_sources} records of a source unknown here count as field.",
        )


def _unusable(report: Report) -> Iterator[Said]:
    if report.unusable:
        told = ", ".join(f"{name} {count}" for name, count in report.unusable.items())
        yield (
            f"Isian yang tidak berarti (penanda, nilai mustahil): {told}.",
            f"Values that say nothing (sentinels, impossible ones): {told}.",
        )
    if report.nameless:
        yield (
            f"{report.nameless} catatan tanpa nama usaha yang berarti.",
            f"{report.nameless} records without a business name that says anything.",
        )
    if report.hub_phones:
        yield (
            f"{report.hub_phones} nomor telepon dipakai terlalu banyak catatan; diabaikan.",
            f"{report.hub_phones} phone numbers stand in too many records; they count as unknown.",
        )
    if report.shared_points:
        yield (
            f"{report.shared_points} titik koordinat dipakai beberapa usaha berbeda; diabaikan.",
            f"{report.shared_points} points are shared by unlike businesses: counted as unknown.",
        )
    if report.dense_sls:
        yield (
            f"{report.dense_sls} SLS terlalu padat untuk membandingkan semua pasangannya.",
            f"{report.dense_sls} SLS are too dense for every pair in them to be compared.",
        )


def _left_out(report: Report) -> Iterator[Said]:
    if report.cut_keys:
        keys = sum(cut.keys for cut in report.cut_keys)
        largest = max(cut.largest for cut in report.cut_keys)
        kinds = ", ".join(f"{cut.kind} {cut.keys}" for cut in report.cut_keys)
        yield (
            f"{keys} kunci terlalu umum (sampai {largest} catatan), tak dipakai: {kinds}.",
            f"{keys} keys are held by too many records (up to {largest}), not used: {kinds}.",
        )
    if report.keyless:
        yield (
            f"{report.keyless} catatan tidak dibandingkan dengan catatan lain mana pun.",
            f"{report.keyless} records were compared with no other.",
        )


def _found(report: Report) -> Iterator[Said]:
    seconds = sum(report.seconds.values())
    yield (
        f"{report.pairs} pasangan dibandingkan dalam {seconds:.1f} detik.",
        f"{report.pairs} pairs compared in {seconds:.1f} seconds.",
    )
    yield (
        f"{report.units} unit; {report.automatic} tautan otomatis, {report.questions} pertanyaan.",
        f"{report.units} units; {report.automatic} automatic links, {report.questions} questions.",
    )
    large = sum(count for size, count in report.groups.items() if size > _LARGE)
    if large:
        largest = max(report.groups)
        yield (
            f"{large} unit memuat lebih dari {_LARGE} catatan (sampai {largest}): periksa.",
            f"{large} units hold more than {_LARGE} records (up to {largest}): look at them.",
        )


def _answers(report: Report) -> Iterator[Said]:
    if report.answers:
        yield (
            f"{report.answers} jawaban petugas diperhitungkan.",
            f"{report.answers} answers of clerks weighed in.",
        )
    if report.answers_unknown:
        yield (
            f"{report.answers_unknown} jawaban tidak jelas atau tidak cocok dengan catatan.",
            f"{report.answers_unknown} answers fit no record, or say neither same nor different.",
        )
    if report.answers_contradicting:
        count = len(report.answers_contradicting)
        yield (
            f"{count} pasangan dijawab sama dan juga beda; keduanya tidak dihitung.",
            f"{count} pairs were answered both same and different; neither counts.",
        )
    if report.answers_overruled:
        count = len(report.answers_overruled)
        yield (
            f"{count} jawaban bertentangan dengan bukti lain dan kalah: tanyakan lagi.",
            f"{count} answers contradict other evidence and did not prevail: ask again.",
        )
