# shotseek: answers queries over HTTP
# Build from the root of the repository:
#   docker build --file deploy/images/search.Dockerfile --tag shotseek-search:0.1.0 .
# By default torch comes from PyPI as pinned and tested: it brings CUDA (about 5 GB) and runs on CPU and
# GPU alike. `--build-arg TORCH_BACKEND=cpu` takes it from download.pytorch.org: far smaller, the CPU
# only, other binaries than were tested, and one more host to trust.
FROM python:3.11.14-slim-bookworm AS build
ARG TORCH_BACKEND=
WORKDIR /source
COPY constraints.txt pyproject.toml ./
RUN python -m venv /opt/shotseek \
 && python -m pip install --no-cache-dir --disable-pip-version-check "$(grep '^uv==' constraints.txt)"
# Libraries first: a change of our own code does not fetch them again.
RUN uv pip install --system-certs --no-cache --python /opt/shotseek/bin/python ${TORCH_BACKEND:+--torch-backend=$TORCH_BACKEND} --constraint constraints.txt --extra serve --extra cpu --requirements pyproject.toml
COPY LICENSE README.md shotseek.py ./
COPY analyzers analyzers
COPY bench bench
COPY indexer indexer
COPY search search
COPY ui ui
RUN uv pip install --system-certs --no-cache --python /opt/shotseek/bin/python --constraint constraints.txt --no-deps .

FROM python:3.11.14-slim-bookworm
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="shotseek-search" \
      org.opencontainers.image.description="shotseek: answers queries over HTTP" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION"
RUN useradd --uid 10001 --user-group --create-home shotseek \
 && mkdir /cache /collection /models /videos \
 && chown 10001:10001 /cache /collection /models /videos
COPY --from=build /opt/shotseek /opt/shotseek
ENV PATH=/opt/shotseek/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HF_HOME=/models \
    XDG_CACHE_HOME=/cache
USER 10001:10001
WORKDIR /home/shotseek
VOLUME ["/cache", "/collection", "/models"]
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
# Outside of this machine's loopback the API asks for a token.
ENTRYPOINT ["shotseek"]
CMD ["serve", "--collection", "/collection", "--host", "0.0.0.0", "--port", "8000", "--token-file", "/run/secrets/token"]
