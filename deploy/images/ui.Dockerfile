# shotseek: the page, which asks the API for everything
# Build from the root of the repository:
#   docker build --file deploy/images/ui.Dockerfile --tag shotseek-ui:0.1.0 .
# No torch, no index, no SQL: the page knows only the API.
FROM python:3.11.14-slim-bookworm AS build
WORKDIR /source
COPY constraints.txt pyproject.toml ./
RUN python -m venv /opt/shotseek \
 && python -m pip install --no-cache-dir --disable-pip-version-check "$(grep '^uv==' constraints.txt)"
# Libraries first: a change of our own code does not fetch them again.
RUN uv pip install --system-certs --no-cache --python /opt/shotseek/bin/python --constraint constraints.txt --extra ui --requirements pyproject.toml
COPY LICENSE README.md shotseek.py ./
COPY analyzers analyzers
COPY bench bench
COPY indexer indexer
COPY search search
COPY ui ui
RUN uv pip install --system-certs --no-cache --python /opt/shotseek/bin/python --constraint constraints.txt --no-deps .

FROM python:3.11.14-slim-bookworm
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="shotseek-ui" \
      org.opencontainers.image.description="shotseek: the page, which asks the API for everything" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION"
RUN useradd --uid 10001 --user-group --create-home shotseek
COPY --from=build /opt/shotseek /opt/shotseek
ENV PATH=/opt/shotseek/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 10001:10001
WORKDIR /home/shotseek
EXPOSE 8501
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
ENTRYPOINT ["shotseek"]
CMD ["ui", "--api", "http://search:8000", "--host", "0.0.0.0", "--port", "8501", "--token-file", "/run/secrets/token"]
