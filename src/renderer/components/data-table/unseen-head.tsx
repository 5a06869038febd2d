import classes from './data-table.module.css'

/** The head of a column that speaks for itself to the eye: its name is for the ear. */
export function UnseenHead({ children }: { readonly children: string }) {
  return (
    <th scope="col" className={classes.head}>
      <span className="visually-hidden">{children}</span>
    </th>
  )
}
