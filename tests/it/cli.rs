mod agent;
mod config;
mod errors;
