"""Areas that the project brings along: Jawa Tengah, Kota Pekalongan, its kecamatan and kelurahan.

Facts, written afresh for this project: BPS and Kemendagri codes and names, postcode, centroid in
degrees (WGS 84) and km². The two registers number Pekalongan Selatan and Utara the other way round;
the columns are the crosswalk. Figures of a kecamatan and of the city are those of their parts.
"""

from importlib.resources import files

KOTA_PEKALONGAN = "kota_pekalongan.csv"


def kota_pekalongan() -> bytes:
    """Give the table as a file for `import_areas`."""
    return (files(__name__) / KOTA_PEKALONGAN).read_bytes()
