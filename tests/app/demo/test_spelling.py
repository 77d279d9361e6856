import pytest

from app.demo.chance import chance
from app.demo.spelling import respelt, sound_of

NAMES = (
    "TOKO BATIK RAHAYU",
    "WARUNG SEMBAKO BU INDAH",
    "KONVEKSI MULYA ABADI",
    "BATIK SEKAR JAYA",
    "HERU LAUNDRY",
)


@pytest.mark.parametrize("name", NAMES)
def test_another_spelling_differs_to_the_eye_and_not_to_the_ear(name: str) -> None:
    for throw in range(60):
        written = respelt(chance("spelling", throw), name, "SITI AMINAH")
        assert written != name
        assert sound_of(written) == sound_of(name), written
