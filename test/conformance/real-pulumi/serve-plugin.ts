import grpc from "@grpc/grpc-js";

/** Serves a plugin on a free port of loopback and prints the port, by which the pulumi CLI finds it. */
export function servePlugin(addServices: (server: grpc.Server) => void): void {
  const server = new grpc.Server({
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  addServices(server);
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
  });
}
