mod adapters;
mod pages;
