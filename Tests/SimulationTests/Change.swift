import Custody

/// The store's operations by a name that Foundation does not have too.
typealias Change = Operation
