# The service and the simulators in one image; which of them runs is the command's business.
# The browser's third-party files come from the folder that `make vendor` filled, so that building asks npm nothing.

FROM python:3.11-slim-bookworm AS build
WORKDIR /src
RUN python -m venv /opt/controlroom
COPY requirements/run.txt requirements/run.txt
RUN /opt/controlroom/bin/pip install --no-cache-dir --no-deps --require-hashes --requirement requirements/run.txt
COPY pyproject.toml README.md ./
COPY controlroom controlroom
COPY simulators simulators
RUN test -d controlroom/console/static/vendor \
    || { echo "the browser's third-party files are missing; run: make vendor" >&2; exit 1; }
RUN /opt/controlroom/bin/pip install --no-cache-dir --no-deps --no-build-isolation --no-index .

FROM python:3.11-slim-bookworm
# A fixed number, so that volumes keep their owner from image to image.
RUN groupadd --gid 10001 controlroom \
    && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin controlroom \
    && install --directory --owner=10001 --group=10001 /srv/controlroom/var
COPY --from=build /opt/controlroom /opt/controlroom
WORKDIR /srv/controlroom
COPY config config
# Nothing is written but to var/: the root file system may be read-only.
ENV PATH=/opt/controlroom/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 10001:10001
EXPOSE 8080 9464
# Alive, not ready: a room whose store is away is degraded and must not be restarted for it.
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8080/livez', timeout=2)"]
ENTRYPOINT ["controlroom"]
CMD ["serve", "--config", "config/controlroom.toml"]
