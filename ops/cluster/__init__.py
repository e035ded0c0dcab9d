"""The project's own PostgreSQL cluster under var/: where it lies, its start, its stop and its addresses."""

from ops.cluster.place import Cluster, ClusterError, locate, make_var
from ops.cluster.server import is_running, running, start, stay, stop
from ops.cluster.urls import environment, given_environment, url

__all__ = [
    "Cluster",
    "ClusterError",
    "environment",
    "given_environment",
    "is_running",
    "locate",
    "make_var",
    "running",
    "start",
    "stay",
    "stop",
    "url",
]
