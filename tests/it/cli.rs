mod agent;
mod config;
mod errors;
mod life;
mod program;
