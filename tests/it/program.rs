mod checked_multiplication;
mod initialize_config;
mod layout;
mod register_agent;
