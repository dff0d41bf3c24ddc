# A small image of the bot: the program, its FAQ, and nothing that it does not need.
#   docker build -t tanya-pemilu .
# docs/operating.md tells how to run it.

# The same release of Rust as in the project's checks, on the same Debian as the image below: what is linked here is there.
FROM rust:1.95-slim-bookworm AS builder
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked && cp target/release/tanya-pemilu /tanya-pemilu

FROM debian:bookworm-slim
# A fixed number, so that a volume keeps its owner over every image.
RUN groupadd --system --gid 10001 tanya \
    && useradd --system --uid 10001 --gid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin tanya \
    && install --directory --owner=tanya --group=tanya --mode=0700 /data
COPY --from=builder /tanya-pemilu /usr/local/bin/tanya-pemilu
COPY LICENSE-APACHE LICENSE-MIT src/picture/font/OFL.txt /usr/share/doc/tanya-pemilu/
# To edit it without a new image, mount a folder over it.
COPY faq /srv/faq

# MIMALLOC_PURGE_DELAY: memory that is freed after the FAQ was learnt goes back at once (docs/performance.md).
ENV DATABASE_URL=sqlite:///data/tanya-pemilu.db \
    FAQ_DIR=/srv/faq \
    LISTEN=0.0.0.0:8080 \
    MIMALLOC_PURGE_DELAY=0
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM

# Alive, not ready: a restart mends neither Telegram nor a database. Bash asks by itself, so that no other program is needed.
# Learning from the FAQ comes before the program listens.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /healthz HTTP/1.0\\r\\n\\r\\n' >&3 && read -r _ code _ <&3 && [ \"$code\" = 200 ]"]

ENTRYPOINT ["tanya-pemilu"]
CMD ["run"]
