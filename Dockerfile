# The image of the Unterstützungs-Landkarte: pages, API, migrations and imports. PostgreSQL stays outside.
# What of it is proven, and how: docs/how-to/container.md.
ARG BASE=debian:12-slim

FROM ${BASE} AS builder
RUN apt-get update \
    && apt-get install --yes --no-install-recommends binutils python3-venv \
    && rm -rf /var/lib/apt/lists/*
# pip fills the environment from outside and is never part of it.
RUN python3 -m venv /opt/pip \
    && python3 -m venv --without-pip /opt/landkarte
COPY requirements/app.txt /app/requirements/app.txt
# Only wheels: no compiler is needed, and no code of a package runs while it is installed. Tests of packages (18 MB) and
# debugging data that two of them carry (34 MB) stay behind.
RUN /opt/pip/bin/pip --python /opt/landkarte/bin/python install --no-cache-dir --no-compile --disable-pip-version-check \
        --root-user-action=ignore --only-binary=:all: --require-hashes --requirement /app/requirements/app.txt \
    && find /opt/landkarte/lib -depth -type d -name tests -exec rm -r {} + \
    && find /opt/landkarte/lib \( -path '*/uvloop/*.so' -o -path '*/zstandard/*.so' \) -exec strip --strip-debug {} +
COPY . /app
# Whatever umask the checkout was made with: everybody reads, root alone writes. Bytecode that never asks for the time
# of its source stays valid however the layers are stored.
RUN chmod -R u=rwX,go=rX /app \
    && /opt/landkarte/bin/python -m compileall -q --invalidation-mode unchecked-hash /opt/landkarte/lib /app

FROM ${BASE}
# No program may lend rights of another user, so the setuid marks of the base go as well.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends python3 libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/*-old /var/log/* \
    && groupadd --gid 10001 landkarte \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin --no-log-init landkarte \
    && find / -xdev -type f -perm /6000 -exec chmod ug-s {} +
COPY --from=builder /opt/landkarte /opt/landkarte
COPY --from=builder /app /app
ENV PATH=/opt/landkarte/bin:/usr/local/bin:/usr/bin:/bin \
    LANG=C.UTF-8 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
WORKDIR /app
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
# Asks whether the process lives, not whether the database does (/readyz): where unhealthy containers are restarted, an
# outage of the database would otherwise become a restart loop. http.client, because urllib would ask a proxy if one is set.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import http.client as h; c = h.HTTPConnection('127.0.0.1', 8000, timeout=4); c.request('GET', '/healthz'); raise SystemExit(c.getresponse().status != 200)"]
CMD ["python", "-m", "web.server", "--host", "0.0.0.0", "--port", "8000"]
# Last, so that another version leaves the layers above as they are.
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Unterstützungs-Landkarte" \
    org.opencontainers.image.description="Landkarte der Hilfen vor Ort, nach Stadtteil und Thema" \
    org.opencontainers.image.licenses="EUPL-1.2" \
    org.opencontainers.image.version="${VERSION}" \
    org.opencontainers.image.revision="${REVISION}"
