# docker build -t emma .
# docker run --network host -v emma:/data emma
#
# `--network host`, because Emma serves loopback only as long as no API keys are set, and a container's own
# loopback is out of reach even for `-p`. It then answers on 127.0.0.1:8080 of the machine.

FROM node:20.20.2-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --no-audit --no-fund
# onnxruntime-node brings the binaries of every system, 300 MB; one of them is this image's.
RUN cd node_modules/onnxruntime-node/bin \
 && keep="linux/$(node -p process.arch)" \
 && test -n "$(ls -d napi-*/"$keep")" \
 && for folder in napi-*/*/*; do case "$folder" in napi-*/"$keep") ;; *) rm -r "$folder" ;; esac; done

FROM node:20.20.2-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production \
    STORE_URL=embedded:/data/emma
# Owned by root and only read: what is served cannot be changed from inside.
COPY --from=packages /app/node_modules ./node_modules
COPY package.json LICENSE ./
COPY models ./models
COPY src ./src
RUN install -d -o node -g node /data
USER node
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://localhost:${process.env.PORT || 8080}/livez`).then((reply) => process.exit(reply.ok ? 0 : 1), () => process.exit(1))"]
# Node itself is the first process, so it gets the signal of `docker stop` and closes gracefully.
CMD ["node", "src/cli/emma.mjs", "serve"]
