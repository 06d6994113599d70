mod agent;
mod config;
mod errors;
mod program;
