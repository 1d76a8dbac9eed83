//! Work that several threads share.
//!
//! In: things and what to do with each. Out: the results, in the order of the
//! things. Must not know: what is done.

/// Memory that each thread asks for and gives back before it begins.
///
/// Some allocators (glibc's) enlarge what a thread other than the first has page by page, with a system call each, and
/// return the memory of every large document to the system, only to ask for it again. Of one that had so much at
/// once they keep it. Nothing is written to it, so it costs no memory until it is used.
const ROOM: usize = 16 << 20;

fn make_room() {
    // The first is mapped apart and only raises the threshold for the second.
    for size in [ROOM, ROOM / 2] {
        drop(std::hint::black_box(Vec::<u8>::with_capacity(size)));
    }
}

/// Does something with each of some things, in a thread of its own save the first; the results in their order.
pub fn each<T: Send, R: Send>(things: impl IntoIterator<Item = T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let mut things = things.into_iter();
    let Some(first) = things.next() else {
        return Vec::new();
    };
    let work = &work;
    std::thread::scope(|scope| {
        let begin = move |thing| {
            make_room();
            work(thing)
        };
        let workers: Vec<_> = things.map(|thing| scope.spawn(move || begin(thing))).collect();
        make_room();
        let mut results = vec![work(first)];
        for worker in workers {
            match worker.join() {
                Ok(result) => results.push(result),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        results
    })
}

/// Frees something large while others work on.
pub fn give_up<T: Send + 'static>(thing: T) {
    std::thread::spawn(move || drop(thing));
}

/// Does two things at the same time.
pub fn both<L: Send, R: Send>(left: impl FnOnce() -> L + Send, right: impl FnOnce() -> R + Send) -> (L, R) {
    std::thread::scope(|scope| {
        let worker = scope.spawn(right);
        let left = left();
        match worker.join() {
            Ok(right) => (left, right),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}
