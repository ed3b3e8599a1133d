# The production image: what `requirements.txt` locks, and Concierge. Web, worker and migrate are commands of it.

FROM python:3.12-slim AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv /app
ENV PATH=/app/bin:$PATH

COPY requirements.txt /src/
RUN pip install --require-hashes -r /src/requirements.txt

# --no-deps: nothing that is not locked comes in
COPY pyproject.toml README.md /src/
COPY concierge /src/concierge
COPY sql /src/sql
RUN pip install --no-deps /src


FROM python:3.12-slim

RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin concierge
COPY --from=build /app /app

ENV PATH=/app/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    HOST=0.0.0.0 \
    PORT=3000
USER 10001
EXPOSE 3000
STOPSIGNAL SIGTERM

# for the web process; the worker and migrate have other signs of life, and switch this off
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s CMD ["python", "-c", \
    "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/health\", timeout=2)"]

ENTRYPOINT ["concierge"]
CMD ["web"]
