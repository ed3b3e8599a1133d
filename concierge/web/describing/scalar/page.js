"use strict";

Scalar.createApiReference("#app", {
  url: "/schema/openapi.json",
  withDefaultFonts: false, // they come from elsewhere
  telemetry: false,
  showDeveloperTools: "never",
  agent: { disabled: true },
  mcp: { disabled: true },
  hideClientButton: true, // it leads to a site of theirs; requests are tried right here
  defaultHttpClient: { targetKey: "shell", clientKey: "curl" },
  authentication: { preferredSecurityScheme: "bearer" },
});
