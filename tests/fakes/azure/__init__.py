"""A loopback fake of the Azure services that the real SDKs talk to.

There is no Azure to test against, so this is the one place where a stand-in is needed. Nothing
of the SDKs is replaced: they run unmodified in processes of their own and reach the fake through
the environment alone (`Azure.environ`), as a proxy whose certificates a throw-away authority
signs. What is "deployed" is the real service: the archive that was uploaded, unpacked and started
under azmlinfsrv.

    proxy.py        the proxy: CONNECT, TLS, one request to one answer, the journal, the failures
    state.py        what Azure remembers: blobs, models, services, operations
    sign_in.py      the sign-in, the subscription, the workspace
    artifacts.py    artifacts, assets, blobs, models
    webservices.py  SDK v1's web services, and the services' own front end
    jobs.py         training jobs of both SDKs, whose programs really run
    runs.py         run history: state and log of a job, metrics, tags

A new kind of service is one more module with a `ROUTES` list, named in `azure.py`.
"""

from tests.fakes.azure.azure import Azure

__all__ = ["Azure"]
