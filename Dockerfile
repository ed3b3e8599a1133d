# The production image: what `requirements.txt` locks, and the source. Web, worker and migrate are commands of it.

FROM python:3.12-slim AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv /app
COPY requirements.txt /app/
RUN /app/bin/pip install --require-hashes -r /app/requirements.txt

COPY concierge /app/concierge
COPY sql /app/sql
RUN /app/bin/python -m compileall -q /app/concierge


FROM python:3.12-slim

RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin concierge
COPY --from=build /app /app
# a volume mounted here belongs to whom the folder belongs to (MEDIA_FOLDER in compose.yaml)
RUN install -d -m 700 -o concierge /media

WORKDIR /app
ENV PATH=/app/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    HOST=0.0.0.0 \
    PORT=3000
USER 10001
EXPOSE 3000
STOPSIGNAL SIGTERM

# of the web process; the worker has another sign of life, and migrate none (compose.yaml)
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s CMD ["python", "-c", \
    "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/health\", timeout=2)"]

ENTRYPOINT ["python", "-m", "concierge"]
CMD ["web"]
