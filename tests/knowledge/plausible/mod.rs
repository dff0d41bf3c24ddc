//! What can't be meant as it is typed: tables of edits of a sound FAQ, each with what a maintainer reads about it.

mod answer;
mod data;
mod list;
mod sound;
