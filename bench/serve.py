"""Serves an app with the very settings of `python -m web.server`.

python -m bench.serve MODULE:NAME PORT WORKERS
"""

import sys

import uvicorn

from web.server import SERVER

if __name__ == "__main__":
    app, port, workers = sys.argv[1:]
    uvicorn.run(app, factory=True, host="127.0.0.1", port=int(port), workers=int(workers), **SERVER)
