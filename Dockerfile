# The image of Assay. Both base images can be replaced, by a mirror of them for example:
#   docker build --build-arg RUNTIME_IMAGE=registry.example/distroless/nodejs24-debian13:nonroot .
# Digests of indexes for several architectures. What a tag means now: docker buildx imagetools inspect node:24-bookworm-slim
ARG BUILD_IMAGE=node:24.21.0-bookworm-slim@sha256:d6aa754f16b3197301076f047b5def2f02ea1dbbc2ca920407d46d7ec7f87b20
ARG RUNTIME_IMAGE=gcr.io/distroless/nodejs24-debian13:nonroot@sha256:9eeb7f5887d0e239e78264b06f7f11d2e14be534050481803a9e4728fcdd278e

# Everything that the build needs; nothing of it runs later.
FROM ${BUILD_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
# No scripts of packages. The `node` package, for whoever has another Node, stays a stub: this image has Node 24.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY nest-cli.json tsconfig.json tsconfig.build.json ./
COPY tools/bundle.mjs tools/bundle-console.mjs tools/bundle-docs.mjs ./tools/
COPY src ./src
COPY console ./console
# The console serves them as pages.
COPY docs ./docs
COPY SECURITY.md CHANGELOG.md ./
RUN node node_modules/@nestjs/cli/bin/nest.js build && node tools/bundle.mjs program && find program -name '*.map' -delete

# What the program needs at run time, from the same lock file.
FROM ${BUILD_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && find node_modules \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.md' \) -type f -delete

FROM ${RUNTIME_IMAGE}
ARG VERSION=0.0.0
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
LABEL org.opencontainers.image.title="Assay" \
  org.opencontainers.image.description="A central token introspection service (RFC 7662) that verifies the JWTs of many issuers" \
  org.opencontainers.image.licenses="Apache-2.0" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}" \
  org.opencontainers.image.created="${CREATED}"
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/program ./dist
COPY package.json LICENSE ./
COPY proto ./proto
# Without a configuration the image does not start: no demo by accident.
# Threads share two pools of memory, and not eight for each processor.
ENV NODE_ENV=production MALLOC_ARENA_MAX=2
# The number, not the name: Kubernetes can only then see that it is not root.
USER 65532:65532
EXPOSE 8080 9090 8081
# Not through a shell: node is process 1 and gets SIGTERM itself. What the flags are for: docs/operations.md, "Memory".
ENTRYPOINT ["/nodejs/bin/node", "--max-semi-space-size=4", "--heap-growing-percent=20", "dist/main.js"]
