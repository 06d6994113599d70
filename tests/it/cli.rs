mod agent;
mod config;
mod errors;
mod tool;
mod tool_vectors;
