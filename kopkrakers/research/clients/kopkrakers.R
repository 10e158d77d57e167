# Reads a release of Kopkrakers: types, ordered levels, labels, and bounds that stay honest.
#
# One file, R 4.1 or later, with the package jsonlite. Lay it beside your script:
#
#   source("kopkrakers.R")
#   release <- kk_open("kopkrakers-uitgave-1.zip")
#   kk_citation(release)                                  # how to refer to it
#   choice <- kk_table(release, "choice")                 # a data frame with the right types
#   kk_by(choice[choice$dilemma == "een-plek", ], "option")
#   reasons <- kk_table(release, "choice_by_consideration")
#   kk_by(reasons, "consideration")                       # summed over dilemmas, as low and high
#   kk_share(kk_by(reasons, "consideration"), "w")        # low and high of a share
#   kk_labels(reasons, "consideration")                   # c(w = "Wet", …)
#
# Columns with an order (zekerheid, ervaring) are ordered factors. A cell of a protected table is a
# text such as "<5": never compute with it, but use kk_bounds() or kk_by(). What the codebook says
# cannot be concluded stops with an error of class "kk_cannot_conclude" and the reason in Dutch.

kk_not_said <- "niet"
kk_rounded_by <- 5
kk_of_options <- c("option", "before", "after", "expected")

kk_cannot_conclude <- function(why) {
  stop(structure(class = c("kk_cannot_conclude", "error", "condition"), list(message = why, call = NULL)))
}

# Returns the release in a zip.
kk_open <- function(path) {
  about <- jsonlite::fromJSON(kk_text(path, "datapackage.json"), simplifyVector = FALSE)
  resources <- about$resources
  names(resources) <- vapply(resources, function(one) one$name, "")
  structure(list(path = path, about = about, resources = resources), class = "kk_release")
}

# Returns a text of the dataset, such as "codebook.md" or "cards/een-plek.1.md".
kk_text <- function(release, path) {
  if (inherits(release, "kk_release")) release <- release$path
  file <- unz(release, path, encoding = "UTF-8")
  on.exit(close(file))
  paste(readLines(file, warn = FALSE, encoding = "UTF-8"), collapse = "\n")
}

# Returns how to refer to a release, in one line.
kk_citation <- function(release) {
  about <- release$about
  sprintf("%s. %s [dataset]. %s", about$contributors[[1]]$title, about$title, about$id)
}

# Returns whether all of it is made up, as in a demo.
kk_is_invented <- function(release) isTRUE(release$about$invented)

# Returns a table as a data frame. `like`: only the dilemmas and editions of that one.
kk_table <- function(release, name, like = NULL) {
  resource <- release$resources[[name]]
  if (is.null(resource)) {
    stop("Er is geen tabel ", name, ". Wel: ", paste(names(release$resources), collapse = ", "), ".")
  }
  file <- unz(release$path, resource$path, encoding = "UTF-8")
  # every cell as text first: a table without "<5" would be numbers one month and text the next
  table <- utils::read.csv(file, colClasses = "character", na.strings = "", check.names = FALSE,
                           encoding = "UTF-8")
  fields <- resource$schema$fields
  for (field in fields) table[[field$name]] <- kk_typed(table[[field$name]], field)
  table <- structure(table, kk_name = name, kk_fields = fields, class = c("kk_table", "data.frame"))
  if (is.null(like)) return(table)
  if (kk_is_loose(name) && kk_is_loose(attr(like, "kk_name"))) {
    kk_cannot_conclude(paste(
      "Losse gegevens zijn los geteld: van niemand is bekend wat bij elkaar hoort. Twee tabellen",
      "zoals doorslag en ervaring kun je niet samenvoegen."))
  }
  places <- paste(like$dilemma, like$edition)
  table[paste(table$dilemma, table$edition) %in% places, ]
}

# Returns the words of each code of a column.
kk_labels <- function(table, column) {
  categories <- kk_field(table, column)$categories
  labels <- vapply(categories, function(one) one$label, "")
  names(labels) <- vapply(categories, function(one) one$value, "")
  labels
}

# Returns what a column means and how it is protected.
kk_meaning <- function(table, column) {
  field <- kk_field(table, column)
  trimws(paste(field$description, field$protection, field$question))
}

# Returns the smallest and the largest number of people that each row can stand for. A cell that was
# not counted apart stands for nobody: they are under "niet".
kk_bounds <- function(table) {
  if ("n_low" %in% names(table)) {
    low <- table$n_low
    high <- table$n_high
    low[is.na(low)] <- 0L
    high[is.na(high)] <- 0L
    return(data.frame(low = low, high = high))
  }
  if (!"n" %in% names(table) || anyNA(table$n)) {
    kk_cannot_conclude(paste(
      "Hier staat geen aantal: een gemeente of het land heeft bijna alles bij een werkwijze (top),",
      "of alleen aandelen in tienen. Reken met percent, of laat dit dilemma weg."))
  }
  off <- rep(0, nrow(table))
  if ("rounded" %in% names(table)) off[table$rounded] <- kk_rounded_by
  data.frame(low = pmax(0, table$n - off), high = table$n + off)
}

# Returns for each value of a column the bounds of its sum over all rows. `anyway`: also where the
# codebook says that such sums cannot be held beside each other.
kk_by <- function(table, column, anyway = FALSE) {
  kk_field(table, column)
  if (!anyway) kk_check(table, column)
  values <- as.character(table[[column]])
  between <- kk_bounds(table)
  codes <- unique(values)
  sums <- data.frame(low = unname(tapply(between$low, values, sum)[codes]),
                     high = unname(tapply(between$high, values, sum)[codes]))
  rownames(sums) <- codes
  sums
}

# Returns the bounds of the people who gave a value: who could not be counted apart stands with those
# who said nothing, and may have given it as well.
kk_who_gave <- function(table, column, value) {
  sums <- kk_by(table, column)
  hidden <- if (kk_not_said %in% rownames(sums)) sums[kk_not_said, "high"] else 0
  c(low = sums[value, "low"], high = sums[value, "high"] + hidden)
}

# Returns the bounds of the share that one value has of the sums of kk_by, 0 to 1: smallest where its
# own number is, and all others are as large as they can be.
kk_share <- function(sums, value) {
  own <- sums[value, ]
  others <- colSums(sums[rownames(sums) != value, , drop = FALSE])
  part <- function(mine, theirs) if (mine + theirs == 0) 0 else mine / (mine + theirs)
  c(low = part(own$low, others[["high"]]), high = part(own$high, others[["low"]]))
}

kk_check <- function(table, column) {
  places <- if ("dilemma" %in% names(table)) unique(paste(table$dilemma, table$edition))
  if (column %in% kk_of_options && length(places) > 1) {
    kk_cannot_conclude(paste(
      "Werkwijze A van het ene dilemma heeft niets met A van het andere te maken. Kies een dilemma,",
      "of tel op naar wat ze leunen: tabel options."))
  }
  if (column == "gemeente") {
    kk_cannot_conclude(paste(
      "Gemeenten van verschillende grootte kun je zo niet vergelijken: groepen die het bijna eens",
      "zijn, tellen minder vaak mee, en kleine gemeenten lijken daardoor meer verdeeld.",
      "Zie de tabel in codebook.md."))
  }
}

kk_field <- function(table, column) {
  for (field in attr(table, "kk_fields")) if (identical(field$name, column)) return(field)
  if (identical(attr(table, "kk_name"), "response") && column %in% c("dilemma", "edition", "theme")) {
    kk_cannot_conclude(paste(
      "Hoeveel mensen een dilemma zagen, weten we niet. Een respons per dilemma is er niet;",
      "de tabel response zegt het voor alles samen."))
  }
  stop(attr(table, "kk_name"), " heeft geen kolom ", column, ". Wel: ",
       paste(names(table), collapse = ", "), ".")
}

kk_typed <- function(cells, field) {
  # an apostrophe keeps a spreadsheet from taking the text for a formula
  if (field$type == "string") cells <- sub("^'(?=[=+@\t\r\n-])", "", cells, perl = TRUE)
  if (isTRUE(field$categoriesOrdered)) {
    codes <- vapply(field$categories, function(one) one$value, "")
    return(factor(cells, levels = codes, ordered = TRUE))
  }
  switch(field$type,
         integer = as.integer(cells),
         boolean = cells == "true",
         date = as.Date(cells),
         cells)
}

kk_is_loose <- function(name) {
  !is.null(name) && startsWith(name, "choice_by_") && name != "choice_by_gemeente"
}

# Rows that are chosen with [ ] keep what the table is.
`[.kk_table` <- function(x, ...) {
  kept <- NextMethod()
  if (is.data.frame(kept)) {
    attr(kept, "kk_name") <- attr(x, "kk_name")
    attr(kept, "kk_fields") <- attr(x, "kk_fields")
  }
  kept
}
