"""Charts in the grammar of graphics: the kelurahan map and the bars of presence classes.

Colours stay apart for colour-blind readers and in grey: Okabe and Ito for classes, a single-hue
ramp of lightness for shares.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import altair as alt
import vl_convert

from app.areas.schemas import AreaMap
from app.coverage.schemas import Coverage, CoverageRow
from app.web import words
from app.web.language import msg, number, percent, told

WIDTH, MAP_HEIGHT = 640, 600
STEPS = (0.2, 0.4, 0.6, 0.8, 1.0)
BANDS = (
    "< 20 %",
    "20-40 %",
    "40-60 %",
    "60-80 %",
    "80-100 %",
    "100 %",
)  # below each step; the last
RAMP = ("#e4f0e2", "#b5dcc0", "#74bfae", "#3a93a2", "#1f5f86", "#0d2f5c")  # finished is darkest
UNKNOWN = "#d0d0d0"
_FONT = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif"
_LOCALES = {
    "id": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["Rp", ""]},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["Rp", ""]},
}


def area_map(found: Coverage, shapes: AreaMap, measure: str, language: str) -> dict[str, Any]:
    """Give the map of the kelurahan, coloured by the share that was visited or approved."""
    rows = {row.area_code: row for row in found.rows if not row.without_area}
    features = [
        _feature(rows[code], geometry, measure, language)
        for code, geometry in shapes.shapes.items()
        if code in rows
    ]
    if not features:
        return _nothing(told(language, msg("Belum ada titik atau batas kelurahan.")))
    chart = (
        alt.Chart(alt.InlineData(values=features))
        .mark_geoshape(stroke="#ffffff", strokeWidth=1.2)
        .encode(
            color=_share_colour(measure, language),
            href="properties.page:N",
            description="properties.label:N",
            tooltip=[
                alt.Tooltip(f"properties.{name}:N", title=told(language, label))
                for name, label in _MAP_TIPS.items()
            ],
        )
        .project(type="identity", reflectY=True)
        .properties(width=WIDTH, height=MAP_HEIGHT)
    )
    if shapes.schematic:
        notice = told(language, msg("Peta skematis: letak benar, batas tidak."))
        chart = chart.properties(title=alt.TitleParams(text=notice))
    return specification(chart, language, ratio=MAP_HEIGHT / WIDTH)


def presence_bars(found: Coverage, language: str) -> dict[str, Any]:
    """Give one stacked bar per area: its units by what the visit found."""
    rows = [row for row in found.rows if row.target]
    values = list(_bar_values(rows, language))
    order = [told(language, label) for label in words.CLASSES.values()]
    chart = (
        alt.Chart(alt.InlineData(values=values))
        .mark_bar(stroke="#ffffff", strokeWidth=0.5)
        .encode(
            y=alt.Y("area:N", title=None, sort=None, axis=alt.Axis(labelLimit=150)),
            x=alt.X("count:Q", title=told(language, msg("Unit")), axis=alt.Axis(tickCount=5)),
            color=alt.Color(
                "class:N",
                title=None,
                sort=order,
                scale=alt.Scale(domain=order, range=list(words.CLASS_COLOURS.values())),
                legend=None,  # the page writes it beside the bars, where it can wrap
            ),
            order="order:Q",
            tooltip=[
                alt.Tooltip("area:N", title=told(language, msg("Wilayah"))),
                alt.Tooltip("class:N", title=told(language, msg("Hasil kunjungan"))),
                alt.Tooltip("told:N", title=told(language, msg("Unit"))),
            ],
        )
        .properties(width=WIDTH, height=max(1, len(rows)) * 52 + 50)
    )
    return specification(chart, language, margin=10)


def drawn(spec: Mapping[str, Any], language: str) -> str:
    """Draw a chart as SVG; nothing is fetched from anywhere."""
    return str(
        vl_convert.vegalite_to_svg(
            json.dumps(spec), allowed_base_urls=[], format_locale=_LOCALES[language]
        )
    )


_NO_NUMBER = msg("tanpa angka")
_MAP_TIPS = {
    "name": msg("Kelurahan"),
    "share": msg("Bagian target"),
    "count": msg("Jumlah"),
    "target": msg("Target"),
}


def _feature(
    row: CoverageRow, geometry: Mapping[str, Any], measure: str, language: str
) -> dict[str, Any]:
    share = row.share_visited if measure == "visited" else row.share_approved
    return {
        "type": "Feature",
        "geometry": geometry,
        "properties": {
            "name": row.name,
            "page": f"/wilayah/{row.area_code}",
            "band": _band(share, language),
            "label": f"{row.name}: {percent(language, share)}",
            "share": percent(language, share),
            "count": number(language, row.visited if measure == "visited" else row.approved),
            "target": number(language, row.target),
        },
    }


def _share_colour(measure: str, language: str) -> alt.Color:
    titles = {"visited": msg("Dikunjungi dari target"), "approved": msg("Disetujui dari target")}
    domain = [*BANDS, told(language, _NO_NUMBER)]
    return alt.Color(
        "properties.band:N",
        sort=domain,
        scale=alt.Scale(domain=domain, range=[*RAMP, UNKNOWN]),
        legend=alt.Legend(
            title=told(language, titles[measure]),
            symbolType="square",
            symbolStrokeWidth=0,
            orient="bottom",
            columns=3,
            titleLimit=300,
        ),
    )


def _band(share: float | None, language: str) -> str:
    """Give the class of a share: finished is a class of its own."""
    if share is None:
        return told(language, _NO_NUMBER)
    return BANDS[sum(share >= step for step in STEPS)]


def _bar_values(rows: Iterable[CoverageRow], language: str) -> Iterable[dict[str, Any]]:
    for row in rows:
        for order, (name, label) in enumerate(words.CLASSES.items()):
            count = getattr(row, name)
            if count:
                yield {
                    "area": row.name or told(language, msg("Tanpa wilayah")),
                    "class": told(language, label),
                    "order": order,
                    "count": count,
                    "told": number(language, count),
                }


def _nothing(notice: str) -> dict[str, Any]:
    chart = alt.Chart(alt.InlineData(values=[{}])).mark_text(text=notice, fontSize=15)
    return specification(chart.properties(width=WIDTH, height=80), "id")


def specification(
    chart: alt.Chart, language: str, *, ratio: float | None = None, margin: int = 0
) -> dict[str, Any]:
    """Give Vega-Lite, with what the page's script needs to fit it into its place."""
    fitted = chart.properties(
        autosize=alt.AutoSizeParams(type="fit", contains="padding"),
        background="transparent",
        usermeta={"formatLocale": _LOCALES[language], "ratio": ratio, "margin": margin},
    ).configure(font=_FONT, axis=alt.AxisConfig(labelFontSize=13, titleFontSize=13))
    looks = fitted.configure_legend(labelFontSize=13, titleFontSize=13).configure_view(stroke=None)
    titled = looks.configure_title(anchor="start", fontSize=13, fontWeight="normal")
    return dict(titled.to_dict())
