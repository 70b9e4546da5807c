"""Where a DOI leads."""

from urllib.parse import quote

RESOLVER = "https://doi.org/"
KEPT = "/:;()"  # of a path; # ? % < > and others would lead elsewhere


def doi_address(doi: str) -> str:
    """Return the address at the resolver; "" without a DOI. Source: DOI Handbook, encoding of DOIs in addresses."""
    return RESOLVER + quote(doi, safe=KEPT) if doi else ""
