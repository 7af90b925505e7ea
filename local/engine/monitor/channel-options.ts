/** A gRPC message holds a whole resource; the limit is that of the SDK, 400 MiB. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

export const CHANNEL_OPTIONS = {
  "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
  "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  // Requests wait while the engine works; the default of 30 s would cancel them.
  "grpc.server_max_unrequested_time_in_server": 30 * 60,
};
