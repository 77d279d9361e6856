"""How well records are matched, as one HTML file that stands alone: figures and their pictures."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import altair as alt
from markupsafe import Markup

from app.web.assets import FOLDER
from app.web.charts import WIDTH, drawn, specification
from app.web.language import msg, told
from app.web.pages import environment

Figures = Mapping[str, Any]
SAME, DIFFERENT, ALL = "#0072b2", "#d55e00", "#51636d"
HEIGHT = 260
CLASSES: Final = {
    "same_owner": msg("Satu pemilik, dua usaha di satu alamat"),
    "family": msg("Keluarga bersebelahan, usaha sejenis"),
    "same_name": msg("Nama sama dalam satu SLS"),
    "chain": msg("Gerai satu merek"),
    "stall": msg("Kios satu pasar"),
    "adjoining": msg("Satu usaha di dua kios"),
    "succession": msg("Tutup, lalu usaha lain di alamat itu"),
    "branch": msg("Kantor pusat dan cabang"),
    "swapped": msg("Nama dan pemilik tertukar"),
    "hub_phone": msg("Telepon kantor desa"),
    "sentinel": msg("Angka pengganti (9999)"),
    "centroid": msg("Titik tengah SLS"),
    "nameless": msg("Tanpa nama"),
    "other_sls": msg("Tercatat di SLS sebelah"),
    "two_officers": msg("Dikunjungi dua petugas"),
}
GROUPINGS: Final = {
    "ours": msg("Tanpa tanya petugas"),
    "reviewed": msg("Setelah ditanyakan"),
    "automatic": msg("Tautan otomatis saja"),
    "textbook": msg("Model baku Splink"),
    "exact": msg("Kunci persis"),
}


def as_html(figures: Figures, language: str) -> str:
    """Give the page of a trial (figures of `matching.evaluation.trial`) or of a sample's answers.

    Nothing is fetched from anywhere; the pictures are SVG inside.
    """
    template = environment(language).get_template("evaluation_file.html")
    return template.render(
        figures=figures,
        groupings=_groupings(figures),
        hard=_hard(figures),
        pictures=[
            {"title": title, "note": note, "svg": _inside(drawn(spec, language))}
            for title, note, spec in _pictures(figures, language)
        ],
        style=Markup((FOLDER / "site.css").read_text(encoding="utf-8")),  # noqa: S704 - our own file
    )


def _inside(svg: str) -> Markup:
    return Markup(svg)  # noqa: S704 - drawn here, from figures alone


def _groupings(figures: Figures) -> list[dict[str, Any]]:
    if "ours" not in figures:
        return []
    found = {name: figures[name] for name in ("ours", "reviewed")} | dict(figures["rivals"])
    rows = [
        {
            "name": GROUPINGS[name],
            "pairs": each["pairs"],
            "hard": each["hard"]["f1"],
            "pure": each["pure_clusters"],
            "entities": each["entity_error"],
            "largest": each["largest_cluster"],
        }
        for name, each in found.items()
    ]
    sure = figures["automatic"]
    alone = {
        "name": GROUPINGS["automatic"],
        "pairs": sure,
        "hard": None,
        "pure": sure["pure_clusters"],
        "entities": None,
        "largest": None,
    }
    return [*rows[:2], alone, *rows[2:]]


def _hard(figures: Figures) -> list[dict[str, Any]]:
    if "ours" not in figures:
        return []
    after = figures["reviewed"]["hard_classes"]
    rivals = figures["rivals"]
    return [
        {
            "name": CLASSES.get(name, name),
            "figures": each,
            "after": after[name]["f1"],
            "textbook": rivals["textbook"]["hard_classes"][name]["f1"] if rivals else None,
        }
        for name, each in figures["ours"]["hard_classes"].items()
    ]


def _pictures(figures: Figures, language: str) -> list[tuple[str, str, dict[str, Any]]]:
    curves = figures.get("curves", figures)
    found = [
        (
            msg("Sebaran skor"),
            msg("Berapa pasang catatan pada setiap skor; skala tegak logaritmis."),
            distribution(curves["distribution"], language),
        ),
        (
            msg("Kalibrasi"),
            msg("Kemungkinan menurut model dan yang ternyata benar; garis tegak: selang 95 %."),
            calibration(curves["calibration"], language),
        ),
    ]
    if "by_threshold" in curves:
        found.append(
            (
                msg("Ketepatan dan kelengkapan menurut ambang"),
                msg("Bila setiap pasang dari ambang itu ke atas ditautkan satu per satu."),
                by_threshold(curves["by_threshold"], language),
            )
        )
    return found


def distribution(bars: Sequence[Figures], language: str) -> dict[str, Any]:
    """Give a bar of pairs for each band of scores, parted by truth where it is known."""
    words = {
        "same": told(language, msg("satu usaha")),
        "different": told(language, msg("dua usaha")),
        "pairs": told(language, msg("pasangan")),
    }
    colours = {words["same"]: SAME, words["different"]: DIFFERENT, words["pairs"]: ALL}
    values = [
        {"low": bar["low"], "high": bar["high"], "kind": word, "pairs": bar[name]}
        for bar in bars
        for name, word in words.items()
        if bar.get(name)
    ]
    seen = [word for word in colours if any(each["kind"] == word for each in values)]
    chart = (
        alt.Chart(alt.InlineData(values=values))
        .mark_bar(opacity=0.75)
        .encode(
            x=alt.X("low:Q", bin="binned", title=told(language, msg("Skor (bit)"))),
            x2="high:Q",
            y=alt.Y(
                "pairs:Q",
                stack=None,
                scale=alt.Scale(type="symlog"),
                axis=alt.Axis(values=[10**power for power in range(8)]),
                title=told(language, msg("Pasangan")),
            ),
            color=_colour(seen, colours),
        )
    )
    return _fitted(chart, language)


def calibration(marks: Sequence[Figures], language: str) -> dict[str, Any]:
    """Give what was said against what was seen, with bounds, about the line where both agree."""
    values = [{"said": mark["said"], **mark["seen"], "pairs": mark["pairs"]} for mark in marks]
    shares = alt.Scale(domain=[0, 1])
    base = alt.Chart(alt.InlineData(values=values)).encode(
        x=alt.X(
            "said:Q",
            scale=shares,
            axis=alt.Axis(format="%"),
            title=told(language, msg("Kemungkinan menurut model")),
        )
    )
    seen = told(language, msg("Ternyata satu usaha"))
    axis = alt.Axis(format="%")
    chart = alt.layer(
        alt.Chart(alt.InlineData(values=[{"said": 0, "value": 0}, {"said": 1, "value": 1}]))
        .mark_line(color=ALL, strokeDash=[4, 4])
        .encode(x="said:Q", y="value:Q"),
        base.mark_rule(color=SAME).encode(
            y=alt.Y("low:Q", scale=shares, axis=axis, title=seen), y2="high:Q"
        ),
        base.mark_point(color=SAME, filled=True, size=60).encode(
            y=alt.Y("value:Q", scale=shares, axis=axis, title=seen)
        ),
    )
    return _fitted(chart, language)


def by_threshold(points: Sequence[Figures], language: str) -> dict[str, Any]:
    """Give precision and recall of single pairs, a line each."""
    words = {
        "precision": told(language, msg("ketepatan")),
        "recall": told(language, msg("kelengkapan")),
    }
    values = [
        {"threshold": point["threshold"], "kind": word, "share": point[name]}
        for point in points
        for name, word in words.items()
    ]
    colours = {words["precision"]: SAME, words["recall"]: DIFFERENT}
    chart = (
        alt.Chart(alt.InlineData(values=values))
        .mark_line(strokeWidth=2.5)
        .encode(
            x=alt.X("threshold:Q", title=told(language, msg("Ambang (bit)"))),
            y=alt.Y("share:Q", axis=alt.Axis(format="%"), title=None),
            color=_colour(list(colours), colours),
            strokeDash=alt.StrokeDash("kind:N", legend=None, sort=list(colours)),
        )
    )
    return _fitted(chart, language)


def _colour(kinds: Sequence[str], colours: Mapping[str, str]) -> alt.Color:
    return alt.Color(
        "kind:N",
        scale=alt.Scale(domain=kinds, range=[colours[each] for each in kinds]),
        legend=alt.Legend(title=None, orient="top"),
    )


def _fitted(chart: Any, language: str) -> dict[str, Any]:  # noqa: ANN401 - a chart of Altair's
    return specification(chart.properties(width=WIDTH, height=HEIGHT), language)
