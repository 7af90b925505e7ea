/** Matches what gcloud says where an API of the project is off. */
export const API_IS_OFF = /SERVICE_DISABLED|has not been used|is disabled|not enabled/;
