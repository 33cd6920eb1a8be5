# shotseek: fills a collection from videos
# Build from the root of the repository:
#   docker build --file deploy/images/indexer.Dockerfile --tag shotseek-indexer:0.1.0 .
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
RUN uv pip install --system-certs --no-cache --python /opt/shotseek/bin/python ${TORCH_BACKEND:+--torch-backend=$TORCH_BACKEND} --constraint constraints.txt --extra index --extra cpu --requirements pyproject.toml
COPY LICENSE README.md shotseek.py ./
COPY analyzers analyzers
COPY bench bench
COPY indexer indexer
COPY search search
COPY ui ui
RUN uv pip install --system-certs --no-cache --python /opt/shotseek/bin/python --constraint constraints.txt --no-deps .

FROM python:3.11.14-slim-bookworm
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="shotseek-indexer" \
      org.opencontainers.image.description="shotseek: fills a collection from videos" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION"
RUN useradd --uid 10001 --user-group --create-home shotseek \
 && mkdir /collection /models /videos \
 && chown 10001:10001 /collection /models /videos
COPY --from=build /opt/shotseek /opt/shotseek
ENV PATH=/opt/shotseek/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HF_HOME=/models
USER 10001:10001
WORKDIR /home/shotseek
VOLUME ["/collection", "/models"]
HEALTHCHECK NONE
ENTRYPOINT ["shotseek"]
CMD ["index", "/videos", "--collection", "/collection"]
