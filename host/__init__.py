"""A faster host for Azure ML entry scripts: it knows `init()` and `run()`, and azmlinfsrv's rules.

    front process      accepts every connection; answers GET / itself, hands the rest over
    worker, I/O thread reads and writes HTTP; several connections at a time
    worker, main       run(), one request at a time, as under azmlinfsrv

The entry script, its settings, its input parsers and its Swagger are azmlinfsrv's own code, so
that they cannot differ. What is ours is HTTP, the processes and the routes.
"""
