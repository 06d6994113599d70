mod program;
mod registration;
