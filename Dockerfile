# A node and pbm, on the machine's own SQLite. Build: docker build --tag agentcluster .
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt ./
COPY hocon hocon
COPY src src
RUN dotnet publish src/AgentCluster.Node --configuration Release --output /out/node \
 && dotnet publish src/AgentCluster.Cli --configuration Release --output /out/pbm

FROM mcr.microsoft.com/dotnet/aspnet:10.0
RUN apt-get update && apt-get install --yes --no-install-recommends libsqlite3-0 curl && rm -rf /var/lib/apt/lists/*
COPY --from=build /out/node /opt/agentcluster/node
COPY --from=build /out/pbm /opt/agentcluster/pbm
RUN ln -s /opt/agentcluster/pbm/pbm /usr/local/bin/pbm \
 && mkdir /data /authority /certificates && chown $APP_UID /data /authority /certificates
USER $APP_UID
VOLUME /data
ENV AGENTCLUSTER_DATA_DIRECTORY=/data
EXPOSE 5080 5090

# Ready when it takes commands; a supervisor kills what has not ended 10 seconds after SIGTERM.
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=6 CMD ["curl", "--fail", "--silent", "--insecure", "--output", "/dev/null", "http://127.0.0.1:5080/health/ready"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/opt/agentcluster/node/AgentCluster.Node"]
