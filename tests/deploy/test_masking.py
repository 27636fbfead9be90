"""No secret in what is printed: by place, by shape, by environment variable."""

from __future__ import annotations

import pytest

from deploy.masking import MASK, masked, masked_document

JWT = "eyJhbGciOiJSUzI1NiJ9.eyJvaWQiOiJtZSJ9.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("log at https://x.blob.core.windows.net/l?sv=1&sig=aB%2Fc%3D&se=2", "aB%2Fc%3D"),
        ("clone https://me:ghp_abc@git.example.net/r.git", "ghp_abc"),
        ("clone https://ghp_abc@git.example.net/r.git", "ghp_abc"),
        ("DefaultEndpointsProtocol=https;AccountKey=abc+/==;EndpointSuffix=x", "abc+/=="),
        (f"Authorization: Bearer {JWT}", JWT),
        (f"token was {JWT}.", JWT),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----", "MIIE"),
        ("-----BEGIN PRIVATE KEY-----\nMIIE and no end", "MIIE"),
        ("AADSTS7000215: hunter-two is wrong", "hunter-two"),
    ],
)
def test_a_secret_is_known_by_its_shape(text: str, secret: str) -> None:
    """What stands around it stays readable."""
    told = masked(text, {"AZURE_CLIENT_SECRET": "hunter-two"})
    assert secret not in told
    assert MASK in told


@pytest.mark.parametrize(
    "text",
    [
        "https://diabetes.westeurope.azurecontainer.io/score",
        'curl -H "Authorization: Bearer $KEY" http://127.0.0.1:5001/score',
        "git@github.com:someone/repository.git, design=large, me@example.net",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    """Addresses, placeholders and e-mail addresses are printed as they are."""
    assert masked(text, {"AZURE_CLIENT_SECRET": ""}) == text


def test_a_secret_is_known_by_its_key() -> None:
    """At any depth; nothing is made of what is empty."""
    document = {"registry": [{"username": "me", "password": "p"}], "sslKey": None, "n": 1}
    assert masked_document(document) == {
        "registry": [{"username": "me", "password": MASK}],
        "sslKey": None,
        "n": 1,
    }
