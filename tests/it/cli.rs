mod agent;
mod config;
mod errors;
mod life;
mod program;
mod story;
mod tool;
mod tool_vectors;
