export const findSubmission = {
  name: 'find-submission',
  text: `
    SELECT transaction_order AS "order", created_at AS "createdAt"
    FROM submissions WHERE transaction_id = $1`,
};
