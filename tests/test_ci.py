"""What `.ci/run` forgives where a linter cannot be downloaded: the network, and nothing else."""

from __future__ import annotations

import subprocess

import pytest
from engines import ROOT

MODULE = "example.com/linter"
READING = f"go: {MODULE}@v0.42.0: reading https://proxy.example.com/{MODULE}/@v/v0.42.0.zip: "


def is_forgiven(said: str) -> bool:
    done = subprocess.run([ROOT / ".ci" / "unreachable"], input=said, text=True, check=False, capture_output=True)
    assert (done.stdout, done.stderr) == ("", "")
    return done.returncode == 0


@pytest.mark.parametrize(
    "said",
    [
        f"{READING}403 Forbidden\n\tserver response: This module version is not available.\n",
        f"{READING}404 Not Found\n",
        'go: Get "https://proxy.example.com/": dial tcp 192.0.2.1:443: connect: connection refused\n',
        'go: Get "https://proxy.example.com/": dial tcp: lookup proxy.example.com: no such host\n',
        'go: Get "https://proxy.example.com/": dial tcp 192.0.2.1:443: connect: no route to host\n',
        'go: Get "https://proxy.example.com/": net/http: TLS handshake timeout\n',
    ],
)
def test_the_network_is_forgiven(said: str) -> None:
    assert is_forgiven(said)


@pytest.mark.parametrize(
    "said",
    [
        "",
        f"verifying {MODULE}@v0.42.0: checksum mismatch\n\tdownloaded: h1:a\n\tgo.sum: h1:b\n\nSECURITY ERROR\n",
        f'go.mod:5: require {MODULE}: version "latestt" invalid: reading https://proxy.example.com/: 403 Forbidden\n',
        f"{READING}404 Not Found\n\tserver response: not found: {MODULE}@v0.42.0: unknown revision v0.42.0\n",
        "go: go.mod requires go >= 1.27.3 (running go 1.26.8; GOTOOLCHAIN=local)\n",
        "linter/main.go:3:1: syntax error: non-declaration statement outside function body\n",
    ],
)
def test_a_mistake_is_not(said: str) -> None:
    assert not is_forgiven(said)
