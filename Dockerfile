# One file for all services: docker build --build-arg SERVICE=ledger -t ledger .
#
# Node runs the TypeScript itself, so an image is its sources and its packages. npm's links between
# the workspaces stay links: Node strips types of no file that really lies under node_modules.
ARG BUILD_IMAGE=node:24-trixie-slim
ARG RUNTIME_IMAGE=gcr.io/distroless/nodejs24-debian13:nonroot

FROM ${BUILD_IMAGE} AS source
WORKDIR /source
COPY . .
# Packages are installed anew only when a manifest changes, not with every line of code.
RUN mkdir /manifests \
  && find . -name package.json -not -path '*/node_modules/*' -exec cp --parents {} /manifests ';' \
  && cp package-lock.json .npmrc /manifests

# A lock file that lacks optional packages of other platforms is refused by `npm ci`, pins and all.
FROM ${BUILD_IMAGE} AS packages
ARG SERVICE
WORKDIR /app
COPY --from=source /manifests .
RUN npm ci --omit=dev --workspace=services/${SERVICE} --ignore-scripts \
  || npm install --no-save --omit=dev --workspace=services/${SERVICE} --ignore-scripts

# What one service runs: its sources and those of the packages it names, without their tests.
FROM ${BUILD_IMAGE} AS trimmed
ARG SERVICE
WORKDIR /app
COPY --from=source /source /source
RUN sh /source/scripts/image/trim.sh "${SERVICE}" /source /app

# Only the web app is built, with the packages that building takes. Elsewhere this stays empty.
FROM packages AS built
ARG SERVICE
COPY --from=trimmed /app .
RUN mkdir -p /built \
  && if [ "${SERVICE}" = web ]; then \
    (npm ci --workspace=services/web --ignore-scripts \
      || npm install --no-save --workspace=services/web --ignore-scripts) \
    && node scripts/image/build-web.ts \
    && mkdir -p /built/services/web && cp -r services/web/dist /built/services/web/; \
  fi

FROM ${RUNTIME_IMAGE}
ARG SERVICE
ARG VERSION=0.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="florin/${SERVICE}" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}" \
  org.opencontainers.image.licenses="MIT"
WORKDIR /app
COPY --from=packages /app .
COPY --from=trimmed /app .
COPY --from=built /built .
USER 65532:65532
ENTRYPOINT ["/nodejs/bin/node"]
CMD ["start.mjs"]
